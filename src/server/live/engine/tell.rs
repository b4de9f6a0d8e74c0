//! After the commit: the answers to who asked, then the news to who watches.

use super::{
    actor::Actor,
    handle::{Drawn, Message, Outcome, Revealed},
    round::{Reply, Round},
    watchers::Role,
};
use crate::{
    domain::live::blitz::{Phase, Shared},
    protocol::{Channel, ChannelEvent, Position},
};

/// Names in the lobby and the count of answers are told at most this often.
const THROTTLE_MS: i64 = 100;

impl Actor {
    /// `revision`: before the round.
    pub(super) async fn answer(&mut self, round: Round, committed: bool, revision: u32, now: i64) {
        if committed {
            self.done.extend(round.keys);
            self.seats.extend(round.seats);
        }
        let news = committed && !round.journal.append.events.is_empty();
        for reply in round.replies {
            // Whoever asked may have gone; what was decided stands.
            match reply {
                Reply::Command(to, result) => {
                    let _ = to.send(if committed { result } else { result.and(Err(Outcome::Unavailable)) });
                }
                Reply::Join(to, result) => {
                    let _ = to.send(if committed { result } else { result.and(Err(Outcome::Unavailable)) });
                }
            }
        }
        if news {
            if self.state.revision != revision {
                self.told();
                // Who waits for an answer hears it before everybody hears what follows from it.
                tokio::task::yield_now().await;
                self.watchers.tell_all(&self.state, self.pin, now);
            } else {
                self.tell_view |= round.names;
                self.tell_soon(now);
                self.tell_answered.extend(round.answered);
                self.watchers.tell_players(&round.touched, &self.state, now);
            }
            if round.journal.status().is_some() {
                self.tell_group();
            }
        }
        for question in round.questions {
            self.reply_to(question, now);
        }
        if self.tell_at.is_some_and(|at| at <= now) {
            self.watchers.tell_players(&self.tell_answered, &self.state, now);
            let counts_only = matches!(self.state.phase, Phase::Answering { .. }) && !self.tell_view;
            self.told();
            if counts_only {
                self.watchers.tell_tally(&self.state, now);
            } else {
                self.watchers.tell_hosts(&self.state, self.pin, now);
            }
        }
    }

    fn told(&mut self) {
        self.tell_at = None;
        self.tell_view = false;
        self.tell_answered.clear();
    }

    fn reply_to(&mut self, question: Message, now: i64) {
        let connected = |participant| self.watchers.connected(participant, now);
        match question {
            Message::Watch { outbox, role, .. } => {
                self.watchers.welcome(&outbox, role, &self.state, self.pin, self.position(), now);
                if let Role::Player(_) = role {
                    self.tell_view = true;
                    self.tell_soon(now);
                }
            }
            Message::Seat { secret, user, reply } => {
                let _ = reply.send(self.seat_of(secret, user));
            }
            Message::HostView { reply } => {
                let shared = Shared::of(&self.state);
                let _ = reply.send(self.state.host_view(self.handle.id, self.pin, now, &shared, &connected));
            }
            Message::PlayerView { participant, reply } => {
                let shared = Shared::of(&self.state);
                let _ = reply.send(self.state.player_view(self.handle.id, participant, now, &shared));
            }
            Message::Standings { reply } => {
                let players = self.state.players().map(|p| (p.id, p.name.as_str(), p.score));
                let _ = reply.send(crate::domain::live::standings::standings(players));
            }
            Message::Drawn { reply } => {
                let _ = reply.send(Drawn {
                    title: self.state.title.clone(),
                    revision: self.state.revision,
                    in_lobby: self.state.phase == Phase::Lobby,
                    time_limit_ms: self.state.config.time_limit_ms,
                    questions: self.state.questions.clone(),
                });
            }
            Message::ExtraTimes { reply } => {
                let _ = reply.send(self.state.extra_times());
            }
            Message::Revealed { participant, index, reply } => {
                let title = || self.state.title.clone();
                let found = self.state.revealed_to(participant, index);
                let found = found.map(|question| Revealed { title: title(), question: question.clone() });
                let _ = reply.send(found.map_err(Outcome::Refused));
            }
            Message::RevealedCards { reply } => {
                let numbers = self.state.tallies.keys();
                let cards = numbers.filter_map(|index| Some((*index, self.state.question(*index)?.card)));
                let _ = reply.send(cards.collect());
            }
            Message::Command { .. } | Message::Answer { .. } | Message::Join { .. } | Message::Unwatch { .. } => {}
        }
    }

    fn position(&self) -> Position {
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        let (epoch, offset) = self.epoch_and_offset();
        Position { epoch: number(epoch), offset: number(offset) }
    }

    pub(super) fn tell_soon(&mut self, now: i64) {
        self.tell_at.get_or_insert(now + THROTTLE_MS);
    }

    fn tell_group(&self) {
        self.live.shared.hub.turned(self.handle.id);
        if let Some(group) = self.handle.group {
            self.live.shared.hub.announce(Channel::Group(group), ChannelEvent::LiveSessionsChanged);
        }
    }
}
