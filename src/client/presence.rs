//! Presence in the tab: tells the server what this page is about and that its person is there, and follows who of a
//! group is there. On the server nothing happens: effects do not run there.

use super::{
    browser,
    connection::State as Line,
    socket::{Notice, Socket, use_socket},
};
use crate::{
    domain::{
        ids::{GroupId, UserId},
        presence::{Activity, Diff, State, Status},
    },
    protocol::{Channel, ChannelEvent, Command},
};
use leptos::prelude::*;
use std::time::Duration;

/// The server takes five updates in thirty seconds. Milliseconds, as below.
const APART: f64 = 6_500.0;
/// A sign of the person goes out at most this often; the server waits five minutes for the next.
const TOUCH_EVERY: f64 = 60_000.0;

/// The tab's own presence, by context from the app.
#[derive(Clone, Copy)]
pub struct MyPresence {
    /// What the person chose; `None` where nobody sees who is there.
    pub status: RwSignal<Option<Status>>,
    activity: RwSignal<Option<Activity>>,
    acquaintances: RwSignal<Option<(GroupId, Diff)>>,
    pace: StoredValue<Pace>,
    /// Whether there is anything to tell in this tab.
    started: RwSignal<bool>,
    socket: Socket,
}

/// What was told, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    told: Option<Activity>,
    at: Option<f64>,
    waiting: bool,
}

impl Pace {
    /// Milliseconds until the activity is to be told; `None` when the server knows it.
    pub fn due_in(&self, activity: Option<Activity>, now: f64) -> Option<f64> {
        (self.told != activity).then(|| self.at.map_or(0.0, |at| (at + APART - now).max(0.0)))
    }

    /// Whether a sign of the person is news.
    pub fn is_touch_due(&self, now: f64) -> bool {
        self.at.is_none_or(|at| now - at >= TOUCH_EVERY)
    }
}

/// Makes the tab's presence known to all pages.
pub fn provide_presence() {
    let mine = MyPresence {
        status: RwSignal::new(None),
        activity: RwSignal::new(None),
        acquaintances: RwSignal::new(None),
        pace: StoredValue::new(Pace::default()),
        started: RwSignal::new(false),
        socket: use_socket(),
    };
    provide_context(mine);
    let line = mine.socket.state();
    // Belongs to the app, so that it outlives every page.
    Effect::new(move |was_up: Option<bool>| {
        let is_up = mine.started.get() && matches!(line.get(), Line::Open | Line::Stale { .. });
        mine.activity.track();
        if is_up && was_up == Some(false) {
            // The server may be another, or have given this tab up.
            mine.pace.update_value(|pace| pace.told = None);
        }
        if is_up {
            mine.tell();
        }
        is_up
    });
}

/// The tab's own presence.
pub fn use_my_presence() -> Option<MyPresence> {
    use_context()
}

/// Is there for others as long as the current owner lives, and hears what the own other devices choose.
pub fn use_being_there(me: UserId, status: Option<Status>) {
    let (Some(mine), Some(_)) = (use_my_presence(), status) else { return };
    mine.status.set(status);
    let socket = use_socket();
    Effect::new(move || {
        mine.start();
        socket.subscribe(Channel::User(me), move |notice| match notice {
            Notice::Event(ChannelEvent::PresenceStatusChosen { status }) => mine.status.set(Some(*status)),
            Notice::Event(ChannelEvent::AcquaintancesChanged { group, diff }) => {
                mine.acquaintances.set(Some((*group, (**diff).clone())));
            }
            _ => {}
        });
    });
}

/// Says what the page is about, for as long as the current owner lives.
pub fn use_activity(activity: Activity) {
    let Some(mine) = use_my_presence() else { return };
    Effect::new(move || {
        mine.start();
        mine.activity.set(Some(activity));
    });
    on_cleanup(move || {
        mine.activity.try_set(None);
    });
}

/// Who of the group is there, live, starting from what the server rendered.
pub fn use_presence(group: GroupId, initial: State) -> RwSignal<State> {
    let shown = RwSignal::new(initial);
    let socket = use_socket();
    let show = move |event: &ChannelEvent| match event {
        ChannelEvent::PresenceShown(state) if shown.with_untracked(|old| *old != **state) => {
            shown.set((**state).clone());
        }
        ChannelEvent::PresenceChanged(diff) => shown.update(|state| state.apply((**diff).clone())),
        _ => {}
    };
    Effect::new(move || {
        socket.subscribe(Channel::Presence(group), move |notice| match notice {
            Notice::Event(event) | Notice::Resynced(Some(event)) => show(event),
            Notice::Resynced(None) => {}
            // Switched off, or not one's group any more: better nobody than ghosts.
            Notice::Refused(_) => shown.set(State::default()),
        });
    });
    if let Some(mine) = use_my_presence() {
        Effect::new(move || {
            if let Some((of, diff)) = mine.acquaintances.get()
                && of == group
            {
                shown.update(|state| state.apply(diff));
            }
        });
    }
    shown
}

impl MyPresence {
    /// Begins to tell the server, once in the tab's life.
    fn start(self) {
        if self.started.get_untracked() {
            return;
        }
        self.started.set(true);
        browser::on_input(move || {
            if self.pace.with_value(|pace| pace.is_touch_due(browser::now())) {
                self.send(Command::Touch);
            }
        });
    }

    /// Tells what the page is about, now or as soon as the server takes it.
    fn tell(self) {
        let (activity, now) = (self.activity.get_untracked(), browser::now());
        match self.pace.with_value(|pace| pace.due_in(activity, now)) {
            None => {}
            Some(0.0) => {
                self.pace.update_value(|pace| pace.told = activity);
                self.send(Command::SetPresenceActivity { activity });
            }
            Some(ms) if !self.pace.with_value(|pace| pace.waiting) => {
                self.pace.update_value(|pace| pace.waiting = true);
                set_timeout(
                    move || {
                        self.pace.update_value(|pace| pace.waiting = false);
                        self.tell();
                    },
                    Duration::from_millis(ms as u64 + 1),
                );
            }
            Some(_) => {}
        }
    }

    fn send(self, command: Command) {
        self.pace.update_value(|pace| pace.at = Some(browser::now()));
        // Refused is as good as taken: what it says is over soon.
        self.socket.command(command, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DeckId;
    use uuid::Uuid;

    #[test]
    fn never_more_than_the_server_takes() {
        let pages = [None, Some(Activity::Studying(DeckId(Uuid::from_u128(1))))];
        let mut pace = Pace::default();
        let mut sent = vec![];
        // Somebody leafs through pages twice a second for a minute.
        for n in 0..120 {
            let (now, activity) = (f64::from(n) * 500.0, pages[n as usize % 2]);
            if pace.due_in(activity, now) == Some(0.0) {
                (pace.told, pace.at) = (activity, Some(now));
                sent.push(now);
            }
        }
        assert!(sent.len() > 5 && sent.windows(6).all(|six| six[5] - six[0] >= 30_000.0), "{sent:?}");
        assert!(!pace.is_touch_due(sent[sent.len() - 1] + 59_000.0));
        assert!(pace.is_touch_due(sent[sent.len() - 1] + 60_000.0));
    }

    #[test]
    fn what_the_server_knows_is_not_told_again() {
        let page = Some(Activity::Reviewing(DeckId(Uuid::from_u128(1))));
        let pace = Pace { told: page, at: Some(0.0), ..Pace::default() };
        assert_eq!(pace.due_in(page, 99_000.0), None);
        assert_eq!(pace.due_in(None, 1_500.0), Some(5_000.0));
        assert_eq!(Pace::default().due_in(None, 0.0), None);
    }
}
