//! A study room as its page sees it: who is in, the timer, the card, the conversation, and what is not sent yet.

mod messages;

pub use messages::Waiting;

use super::{
    IN_BROWSER,
    ask::{Question, ask},
    browser,
    clock::Countdown,
    connection::State,
    socket::{Notice, Socket, use_socket},
};
use crate::{
    api::rooms::{CARDS, RoomCard, RoomCards, RoomMessages, RoomPage, RoomScreen},
    domain::{
        ids::{LiveSessionId, MessageId, UserId},
        live::study_room::{RoomMessage, RoomView, SharedCard},
    },
    protocol::{Channel, ChannelEvent, Command, Refused, RoomAct},
};
use leptos::prelude::*;
use messages::{pack, put, unpack};
use std::time::Duration;

/// A typing mark is sent at most this often, on the browser's clock.
const TYPE_MS: f64 = 3_000.0;
/// The news of a message follow its acknowledgement at once.
const SHOWN: Duration = Duration::from_secs(2);
/// After a failure of the server, a message is sent again after so many seconds.
const AGAIN_S: u32 = 3;

/// The room on this screen.
#[derive(Clone, Copy)]
pub struct Room {
    pub view: RwSignal<RoomView>,
    pub countdown: RwSignal<Countdown>,
    /// The conversation, the oldest first.
    pub messages: RwSignal<Vec<RoomMessage>>,
    pub earlier: RwSignal<bool>,
    pub waiting: RwSignal<Vec<Waiting>>,
    /// The own card, where everybody turns their own.
    own: RwSignal<SharedCard>,
    cards: RwSignal<Vec<RoomCard>>,
    pub line: Signal<State>,
    /// Why the last act was not carried out.
    pub refusal: RwSignal<Option<Refused>>,
    /// Why the room is closed to us.
    pub gone: RwSignal<Option<Refused>>,
    /// Messages that came since the chat was looked at.
    pub unread: RwSignal<u32>,
    pub me: StoredValue<UserId>,
    pub moderates: bool,
    typed_at: StoredValue<f64>,
    /// Own cards on their way to the others.
    moving: StoredValue<u32>,
    socket: Socket,
    session: LiveSessionId,
}

/// Follows the room, starting from what the server rendered.
pub fn use_room(screen: RoomScreen) -> Room {
    let socket = use_socket();
    let session = screen.view.session;
    let remaining_ms = screen.view.timer.remaining_ms;
    let room = Room {
        countdown: RwSignal::new(Countdown { heard_at: browser::now(), remaining_ms }),
        view: RwSignal::new(screen.view),
        messages: RwSignal::new(screen.messages),
        earlier: RwSignal::new(screen.earlier),
        waiting: RwSignal::new(vec![]),
        own: RwSignal::new(SharedCard::default()),
        cards: RwSignal::new(screen.cards),
        line: socket.state(),
        refusal: RwSignal::new(None),
        gone: RwSignal::new(None),
        unread: RwSignal::new(0),
        me: StoredValue::new(screen.me),
        moderates: screen.moderates,
        typed_at: StoredValue::new(f64::MIN),
        moving: StoredValue::new(0),
        socket,
        session,
    };
    Effect::new(move || {
        socket.subscribe(Channel::StudyRoom(session), move |notice| match notice {
            Notice::Event(event) | Notice::Resynced(Some(event)) => room.hear(event),
            Notice::Resynced(None) => {}
            Notice::Refused(reason) => room.gone.set(Some(reason.clone())),
        });
    });
    // What a reload found unsent goes out again, under its old id.
    Effect::new(move || {
        let unsent = unpack(&browser::kept(&room.key("unsent")).unwrap_or_default());
        let known = room.messages.with_untracked(|known| known.iter().map(|one| one.id).collect::<Vec<_>>());
        for (id, text) in unsent.into_iter().filter(|(id, _)| !known.contains(id)) {
            room.waiting.update(|waiting| waiting.push(Waiting { id, text, refused: None, taken: false }));
            room.send(id);
        }
        Effect::new(move || browser::keep(&room.key("unsent"), &room.waiting.with(|waiting| pack(waiting))));
    });
    // The card that is shown, when it is not here yet.
    Effect::new(move || {
        let index = room.card().index;
        if room.cards.with(|cards| cards.iter().all(|card| card.index != index)) {
            room.fetch(index - index % CARDS);
        }
    });
    room
}

impl Room {
    fn hear(self, event: &ChannelEvent) {
        match event {
            ChannelEvent::RoomSaw(view) => self.see(view),
            ChannelEvent::RoomSaid(message) => {
                self.waiting.update(|waiting| waiting.retain(|one| one.id != message.id));
                let is_new = message.changed == message.number && message.user != self.me.get_value();
                self.messages.update(|messages| put(messages, message));
                if is_new {
                    self.unread.update(|n| *n += 1);
                }
            }
            ChannelEvent::RoomOpened(snapshot) => {
                self.see(&snapshot.view);
                let known = snapshot.messages.first().is_some_and(|first| {
                    self.messages.with_untracked(|messages| messages.iter().any(|message| message.id == first.id))
                });
                self.messages.update(|messages| {
                    // What one has scrolled back to stays, as long as there is no gap.
                    if !known {
                        messages.clear();
                    }
                    snapshot.messages.iter().for_each(|message| put(messages, message));
                });
                if !known {
                    self.earlier.set(snapshot.earlier);
                }
                self.waiting.update(|waiting| {
                    waiting.retain(|one| !one.taken && snapshot.messages.iter().all(|message| message.id != one.id));
                });
            }
            _ => {}
        }
    }

    fn see(self, view: &RoomView) {
        self.countdown.set(Countdown { heard_at: browser::now(), remaining_ms: view.timer.remaining_ms });
        self.view.set(view.clone());
        // After a restart, or a long absence, the others do not know where we are.
        let own = self.own.get_untracked();
        let unknown = view.person(self.me.get_value()).is_some_and(|me| me.card != own.index);
        if unknown && !view.rules.together && self.moving.get_value() == 0 {
            self.tell_card(own);
        }
    }

    /// The card that this screen shows.
    pub fn card(self) -> SharedCard {
        let shared = self.view.with(|view| view.rules.together.then_some(view.shown));
        shared.unwrap_or_else(|| self.own.get())
    }

    /// Its sides as safe HTML; `None` while they are on their way.
    pub fn sides(self, index: u32) -> Option<RoomCard> {
        self.cards.with(|cards| cards.iter().find(|card| card.index == index).cloned())
    }

    /// Whether this screen may run the timer and turn the card for all.
    pub fn may_steer(self) -> bool {
        self.view.with(|view| view.may_steer(self.me.get_value(), self.moderates))
    }

    /// Turns to a card, or shows its answer.
    pub fn show(self, card: SharedCard) {
        if self.view.with_untracked(|view| view.rules.together) {
            self.act(RoomAct::ShowCard { index: card.index, revealed: card.revealed });
            return;
        }
        let moved = self.own.get_untracked().index != card.index;
        self.own.set(card);
        if moved {
            self.tell_card(card);
        }
    }

    fn tell_card(self, SharedCard { index, revealed }: SharedCard) {
        self.moving.update_value(|n| *n += 1);
        self.command(RoomAct::ShowCard { index, revealed }, move |_| {
            self.moving.try_update_value(|n| *n = n.saturating_sub(1));
        });
    }

    fn fetch(self, from: u32) {
        let question = Question::of(&RoomCards { session: self.session, from });
        let take = move |cards: Vec<RoomCard>| {
            self.cards.try_update(|known| known.extend(cards));
        };
        ask(
            question,
            Box::new(move |answer| {
                if let Ok(cards) = answer.read() {
                    take(cards);
                }
            }),
        );
    }

    /// The page of the conversation before what is shown.
    pub fn load_earlier(self) {
        let Some(before) = self.messages.with_untracked(|messages| messages.first().map(|first| first.number)) else {
            return;
        };
        let question = Question::of(&RoomMessages { session: self.session, before });
        ask(
            question,
            Box::new(move |answer| match answer.read::<RoomPage>() {
                Ok(page) => {
                    self.messages.try_update(|messages| page.messages.iter().for_each(|one| put(messages, one)));
                    self.earlier.try_set(page.earlier);
                }
                Err(_) => {
                    self.refusal.try_set(Some(Refused::Unavailable));
                }
            }),
        );
    }

    /// What was being written when the page was loaded again.
    pub fn draft(self) -> Option<String> {
        browser::kept(&self.key("draft"))
    }

    /// Keeps what is being written.
    pub fn keep_draft(self, text: &str) {
        browser::keep(&self.key("draft"), text);
    }

    fn key(self, what: &str) -> String {
        format!("room-{}-{what}", self.session)
    }

    /// Sends a message: it stays in sight until the room shows it.
    pub fn say(self, text: String) {
        let id = MessageId(browser::uuid());
        self.waiting.update(|waiting| waiting.push(Waiting { id, text, refused: None, taken: false }));
        self.typed_at.set_value(f64::MIN);
        self.send(id);
    }

    /// Sends a waiting message, under its id, so that it counts once.
    pub fn send(self, message: MessageId) {
        let with = move |change: &dyn Fn(&mut Waiting)| {
            self.waiting.try_update(|waiting| waiting.iter_mut().find(|one| one.id == message).map(change));
        };
        with(&|one| one.refused = None);
        let text = self.waiting.with_untracked(|w| w.iter().find(|one| one.id == message).map(|one| one.text.clone()));
        let Some(text) = text else { return };
        self.command(RoomAct::SendMessage { message, text }, move |result| match result {
            Ok(()) => {
                with(&|one| one.taken = true);
                // It is shown by the news of it; an old one that the page does not reach back to has none.
                set_timeout(move || self.discard(message), SHOWN);
            }
            Err(Refused::TooMany { retry_after }) => self.send_later(message, retry_after),
            Err(Refused::Unavailable) => self.send_later(message, AGAIN_S),
            Err(reason) => with(&|one| one.refused = Some(reason.clone())),
        });
    }

    fn send_later(self, message: MessageId, seconds: u32) {
        set_timeout(move || self.send(message), Duration::from_secs(u64::from(seconds)));
    }

    /// Forgets a message that was refused.
    pub fn discard(self, message: MessageId) {
        self.waiting.try_update(|waiting| waiting.retain(|one| one.id != message));
    }

    /// Somebody types here: the others see it.
    pub fn typing(self) {
        let now = browser::now();
        if IN_BROWSER && now - self.typed_at.get_value() > TYPE_MS {
            self.typed_at.set_value(now);
            self.command(RoomAct::Type, |_| {});
        }
    }

    /// Does something; a refusal is shown.
    pub fn act(self, act: RoomAct) {
        self.refusal.set(None);
        self.command(act, move |result| {
            if let Err(reason) = result {
                self.refusal.try_set(Some(reason));
            }
        });
    }

    fn command(self, act: RoomAct, reply: impl FnOnce(Result<(), Refused>) + 'static) {
        let command = Command::InRoom { session: self.session, act };
        self.socket.command(command, move |result| reply(result.map(|_| ())));
    }
}
