//! A live session as a page sees it: the newest view, how the line is, and what the host or player can do.

use super::{
    action::ServerAction,
    browser,
    clock::Countdown,
    connection::State,
    socket::{Notice, Socket, use_socket},
};
use crate::{
    api::{
        error::AppError,
        live::{PlayerScreen, SubmitLiveAnswer},
        live_cards::TakeLiveCard,
        self_paced::AnswerSelfPaced,
    },
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{Control, HostPhase, HostView, PlayerPhase, PlayerView, Refusal},
            question::Answer,
        },
    },
    protocol::{Channel, ChannelEvent, Command, Refused},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The session on the host's screen.
#[derive(Clone, Copy)]
pub struct LiveHost {
    pub view: RwSignal<HostView>,
    /// What is left of the lead-in or of the time to answer.
    pub countdown: RwSignal<Countdown>,
    pub line: Signal<State>,
    /// Why the last command was not carried out.
    pub refusal: RwSignal<Option<Refused>>,
    /// Why the server shows nothing more.
    pub gone: RwSignal<Option<Refused>>,
    /// The revision for which a command is under way.
    sent: RwSignal<Option<u32>>,
    socket: Socket,
    session: LiveSessionId,
}

/// The session on a player's phone.
#[derive(Clone, Copy)]
pub struct LivePlayer {
    pub view: RwSignal<PlayerView>,
    pub countdown: RwSignal<Countdown>,
    pub line: Signal<State>,
    /// Why the last answer was not taken.
    pub refusal: RwSignal<Option<Refused>>,
    pub gone: RwSignal<Option<Refused>>,
    /// Somebody is signed in: cards can be taken along.
    pub account: bool,
    /// The answer to question `.0` that is on its way.
    sent: RwSignal<Option<(u32, Answer)>>,
    /// What is on its way of how sure one is of the answer to question `.0`.
    sent_sure: RwSignal<Option<(u32, bool)>>,
    /// Questions whose cards are in an own deck.
    taken: RwSignal<Vec<u32>>,
    taking: ServerAction<TakeLiveCard>,
    /// The question whose card was asked for last.
    asked_for: RwSignal<Option<u32>>,
    socket: Socket,
    session: LiveSessionId,
    /// The link of whoever plays alone: answers go by its form instead of the socket.
    alone: Option<StoredValue<String>>,
}

/// Follows the session as its host, starting from what the server rendered.
pub fn use_live_host(initial: HostView) -> LiveHost {
    let socket = use_socket();
    let session = initial.session;
    let countdown = Countdown { heard_at: browser::now(), remaining_ms: host_remaining(&initial) };
    let live = LiveHost {
        view: RwSignal::new(initial),
        countdown: RwSignal::new(countdown),
        line: socket.state(),
        refusal: RwSignal::new(None),
        gone: RwSignal::new(None),
        sent: RwSignal::new(None),
        socket,
        session,
    };
    follow(socket, Channel::LiveHost(session), live.gone, move |event| live.hear(event));
    live
}

/// Follows the session as a player, starting from what the server rendered.
pub fn use_live_player(screen: PlayerScreen) -> LivePlayer {
    let live = player(screen, None);
    // Noted here and not where the button is: the game may have gone on when the answer comes.
    Effect::new(move || {
        if live.taking.value().is_done()
            && let Some(index) = live.asked_for.get_untracked()
        {
            live.taken.update(|taken| taken.push(index));
        }
    });
    follow(live.socket, Channel::LivePlayer(live.session), live.gone, move |event| live.hear(event));
    live
}

/// A question or its reveal on the phone of somebody who plays alone by this link: nothing changes by itself.
pub fn use_lone_player(view: PlayerView, token: String) -> LivePlayer {
    let screen = PlayerScreen { view, account: false, taken: vec![] };
    let live = player(screen, Some(StoredValue::new(token)));
    // The page came with the time that was left: it runs since the page was asked for, not since its script is here.
    live.countdown.update(|countdown| countdown.heard_at = 0.0);
    live
}

fn player(screen: PlayerScreen, alone: Option<StoredValue<String>>) -> LivePlayer {
    let PlayerScreen { view: initial, account, taken } = screen;
    let socket = use_socket();
    let session = initial.session;
    let countdown = Countdown { heard_at: browser::now(), remaining_ms: player_remaining(&initial) };
    LivePlayer {
        view: RwSignal::new(initial),
        countdown: RwSignal::new(countdown),
        line: socket.state(),
        refusal: RwSignal::new(None),
        gone: RwSignal::new(None),
        account,
        sent: RwSignal::new(None),
        sent_sure: RwSignal::new(None),
        taken: RwSignal::new(taken),
        taking: ServerAction::new(),
        asked_for: RwSignal::new(None),
        socket,
        session,
        alone,
    }
}

fn follow(
    socket: Socket,
    channel: Channel,
    gone: RwSignal<Option<Refused>>,
    hear: impl Fn(&ChannelEvent) + Copy + 'static,
) {
    let tried_again = StoredValue::new(false);
    Effect::new(move || {
        socket.subscribe(channel, move |notice| match notice {
            Notice::Event(event) | Notice::Resynced(Some(event)) => hear(event),
            Notice::Resynced(None) => {}
            // The socket may be older than the seat's cookie: once more with the cookies of now.
            Notice::Refused(_) if !tried_again.get_value() => {
                tried_again.set_value(true);
                socket.subscribe_again(channel);
            }
            Notice::Refused(reason) => gone.set(Some(reason.clone())),
        });
    });
}

impl LiveHost {
    fn hear(self, event: &ChannelEvent) {
        match event {
            ChannelEvent::HostSaw(view) => {
                let remaining_ms = host_remaining(view);
                self.countdown.set(Countdown { heard_at: browser::now(), remaining_ms });
                if self.view.with_untracked(|old| old.revision != view.revision) {
                    self.refusal.set(None);
                }
                self.view.set((**view).clone());
            }
            ChannelEvent::AnswersCounted { revision, answered, expected } => {
                let fits = self
                    .view
                    .with_untracked(|v| v.revision == *revision && matches!(v.phase, HostPhase::Answering { .. }));
                if fits {
                    self.view.update(|v| {
                        if let HostPhase::Answering { answered: a, expected: e, .. } = &mut v.phase {
                            (*a, *e) = (*answered, *expected);
                        }
                    });
                }
            }
            _ => {}
        }
    }

    /// Whether a command for what is on the screen is under way.
    pub fn is_busy(self) -> bool {
        self.sent.get().is_some_and(|seen| self.view.with(|v| v.revision == seen))
    }

    /// To the next phase; from the lobby to the first question.
    pub fn advance(self) {
        let session = self.session;
        let lobby = self.view.with_untracked(|v| matches!(v.phase, HostPhase::Lobby { .. }));
        self.send(|seen| {
            if lobby {
                Command::StartLiveSession { session, seen }
            } else {
                Command::AdvanceLiveSession { session, seen }
            }
        });
    }

    /// Ends the quiz; what was answered so far counts.
    pub fn end(self) {
        let session = self.session;
        self.send(|seen| Command::EndLiveSession { session, seen });
    }

    /// Beside going on: the door, the clock, a question taken back.
    pub fn control(self, control: Control) {
        let (session, seen) = (self.session, self.view.with_untracked(|v| v.revision));
        self.refusal.set(None);
        self.socket.command(Command::ControlLiveSession { session, seen, control }, move |result| {
            if let Err(reason) = result {
                self.refusal.try_set(Some(reason));
            }
        });
    }

    /// What each form of the host's carries: the session, and the revision on the screen.
    pub fn form_fields(self) -> (String, impl Fn() -> String + Send + Copy + 'static) {
        (self.session.to_string(), move || self.view.with(|v| v.revision).to_string())
    }

    fn send(self, command: impl FnOnce(u32) -> Command) {
        let seen = self.view.with_untracked(|v| v.revision);
        if self.sent.get_untracked() == Some(seen) {
            return;
        }
        self.sent.set(Some(seen));
        self.refusal.set(None);
        self.socket.command(command(seen), move |result| {
            if let Err(reason) = result {
                self.sent.try_set(None);
                self.refusal.try_set(Some(reason));
            }
        });
    }
}

impl LivePlayer {
    fn hear(self, event: &ChannelEvent) {
        if let ChannelEvent::PlayerSaw(view) = event {
            let remaining_ms = player_remaining(view);
            self.countdown.set(Countdown { heard_at: browser::now(), remaining_ms });
            if self.view.with_untracked(|old| old.revision != view.revision) {
                self.refusal.set(None);
            }
            self.sent_sure.set(None);
            self.view.set((**view).clone());
        }
    }

    /// The answer to this question that is on its way or was taken.
    pub fn answer(self, index: u32) -> Option<Answer> {
        let sent = self.sent.get().filter(|sent| sent.0 == index).map(|sent| sent.1);
        sent.or_else(|| {
            self.view.with(|v| match &v.phase {
                PlayerPhase::Answering { progress, my_answer, .. } if progress.index == index => my_answer.clone(),
                _ => None,
            })
        })
    }

    /// Where a form of the player's goes, and the field that says whose game it is.
    pub fn form(self) -> (&'static str, &'static str, String) {
        match self.alone {
            Some(token) => (AnswerSelfPaced::PATH, "token", token.get_value()),
            None => (SubmitLiveAnswer::PATH, "session", self.session.to_string()),
        }
    }

    /// As the form does without a script: several options by their letters. The page comes anew with what came of it.
    fn post(self, index: u32, answer: Answer) {
        let (path, about, id) = self.form();
        let letters = |picked: Vec<u8>| picked.into_iter().map(|option| char::from(b'a' + option)).collect();
        let (name, value) = match answer {
            Answer::Choice(option) => ("choice", option.to_string()),
            Answer::Text(text) => ("text", text),
            Answer::Several(picked) | Answer::Order(picked) => ("text", letters(picked)),
        };
        browser::post(path, &[(about, &id), ("card_index", &index.to_string()), (name, &value)]);
    }

    /// Whether an answer that was given may still be changed.
    pub fn may_change(self) -> bool {
        self.view.with(|v| matches!(v.phase, PlayerPhase::Answering { may_change: true, closed: false, .. }))
    }

    /// Whether the own time is over, while others have more.
    pub fn is_closed(self) -> bool {
        self.view.with(|v| matches!(v.phase, PlayerPhase::Answering { closed: true, .. }))
    }

    /// What one said of the own answer to this question.
    pub fn sure(self, index: u32) -> Option<bool> {
        let sent = self.sent_sure.get().filter(|sent| sent.0 == index).map(|sent| sent.1);
        sent.or_else(|| {
            self.view.with(|v| match &v.phase {
                PlayerPhase::Answering { progress, sure, .. } if progress.index == index => *sure,
                _ => None,
            })
        })
    }

    /// Whether the question of how sure one is stands open: the answer was taken and may still be looked at.
    pub fn asks_sure(self) -> bool {
        self.view.with(|v| {
            matches!(v.phase, PlayerPhase::Answering { asks_sure: true, my_answer: Some(_), closed: false, .. })
        })
    }

    pub fn tell_sure(self, index: u32, sure: bool) {
        self.sent_sure.set(Some((index, sure)));
        self.refusal.set(None);
        let command = Command::TellSureness { session: self.session, card_index: index, sure };
        self.socket.command(command, move |result| {
            if let Err(reason) = result {
                self.sent_sure.try_set(None);
                self.refusal.try_set(Some(reason));
            }
        });
    }

    /// Takes the card of a question that was revealed into an own deck.
    pub fn take(self, index: u32) {
        if untrack(|| self.is_taking() || self.has_taken(index)) {
            return;
        }
        self.asked_for.set(Some(index));
        self.taking.dispatch(TakeLiveCard { session: self.session, card_index: index, next: None });
    }

    pub fn is_taking(self) -> bool {
        self.taking.pending().get()
    }

    pub fn has_taken(self, index: u32) -> bool {
        self.taken.with(|taken| taken.contains(&index))
    }

    /// Why the card of this question was not taken. Without JavaScript the page does not know which one it was.
    pub fn take_error(self, index: u32) -> Option<AppError> {
        self.taking.error().get().filter(|_| self.asked_for.get().is_none_or(|asked| asked == index))
    }

    /// Plays later, by a link: without the room there is no seat to take cards along with.
    pub fn is_alone(self) -> bool {
        self.alone.is_some()
    }

    /// Answers the question. The first answer counts; the last one where answers may be changed.
    pub fn submit(self, index: u32, answer: Answer) {
        let before = untrack(|| self.answer(index));
        if before.as_ref() == Some(&answer) || before.is_some() && !untrack(|| self.may_change()) {
            return;
        }
        self.sent.set(Some((index, answer.clone())));
        self.refusal.set(None);
        if self.alone.is_some() {
            return self.post(index, answer);
        }
        let command = Command::SubmitLiveAnswer { session: self.session, card_index: index, answer };
        self.socket.command(command, move |result| match result {
            Ok(_) | Err(Refused::Live(Refusal::AlreadyAnswered)) => {}
            Err(reason) => {
                self.sent.try_set(None);
                self.refusal.try_set(Some(reason));
            }
        });
    }
}

fn host_remaining(view: &HostView) -> u32 {
    match view.phase {
        HostPhase::LeadIn { remaining_ms, .. } | HostPhase::Answering { remaining_ms, .. } => remaining_ms,
        _ => 0,
    }
}

fn player_remaining(view: &PlayerView) -> u32 {
    match view.phase {
        PlayerPhase::LeadIn { remaining_ms, .. } | PlayerPhase::Answering { remaining_ms, .. } => remaining_ms,
        _ => 0,
    }
}
