//! The one place that decides whether a command is accepted, and what follows from it.

use super::{
    EMPTY_MS, EndReason, Event, MessageText, PACE, PACE_MS, QuizLink, ROOM_MAX, Reaction, Rules, StudyRoom, TYPING_MS,
    TimerStep,
};
use crate::domain::ids::{LiveSessionId, MessageId, UserId};
use serde::{Deserialize, Serialize};

/// Somebody who may be in the room: membership of the group is checked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    pub user: UserId,
    /// Teaches the group.
    pub moderates: bool,
}

/// What somebody wants. Times, ids and checked texts are passed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Enter {
        by: By,
        name: String,
    },
    /// Of one's own will, gone for long enough, or no member of the group any more.
    Leave {
        user: UserId,
    },
    SetRules {
        by: By,
        rules: Rules,
    },
    /// For all who study together, else one's own.
    ShowCard {
        by: By,
        index: u32,
        revealed: bool,
    },
    Timer {
        by: By,
        step: TimerStep,
    },
    /// The message's id is chosen by the sender, so that a repeated one is known.
    Send {
        by: By,
        message: MessageId,
        text: MessageText,
    },
    Edit {
        by: By,
        message: MessageId,
        text: MessageText,
    },
    Delete {
        by: By,
        message: MessageId,
    },
    Mute {
        by: By,
        user: UserId,
        muted: bool,
    },
    Hand {
        by: By,
        user: UserId,
        raised: bool,
    },
    React {
        by: By,
        reaction: Reaction,
    },
    Type {
        by: By,
    },
    OpenQuiz {
        by: By,
        quiz: QuizLink,
    },
    /// The quiz has ended.
    CloseQuiz {
        session: LiveSessionId,
    },
    End {
        by: By,
    },
    /// Time has passed.
    Tick,
}

/// Why a command was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The room is closed.
    Ended,
    /// Not in the room.
    NotInside,
    /// For the host and teachers, or for the message's author.
    NotAllowed,
    /// May read but not write.
    Muted,
    /// No such message.
    UnknownMessage,
    /// Not possible with this deck or timer.
    Malformed,
    /// Too many messages; allowed again in `retry_after` seconds.
    TooFast { retry_after: u32 },
    /// No more people fit in.
    Full,
}

impl StudyRoom {
    /// The events that follow from `command` at `at` (Unix ms), or why it is refused.
    /// Changes nothing; the caller appends the events and applies them.
    pub fn decide(&self, command: &Command, at: i64) -> Result<Vec<Event>, Refusal> {
        if self.ended.is_some() {
            return match command {
                // What was written can still be taken back, and moderated.
                Command::Delete { by, message } => self.delete(*by, *message),
                Command::Leave { .. } | Command::CloseQuiz { .. } | Command::Tick => Ok(vec![]),
                _ => Err(Refusal::Ended),
            };
        }
        match command {
            Command::Enter { by, name } => self.enter(*by, name),
            Command::Leave { user } => {
                Ok(self.person(*user).map(|_| Event::Left { user: *user }).into_iter().collect())
            }
            Command::SetRules { by, rules } => {
                self.moderator(*by)?;
                Ok(if *rules == self.rules { vec![] } else { vec![Event::RulesChanged { rules: *rules }] })
            }
            Command::ShowCard { by, index, revealed } => self.show_card(*by, *index, *revealed),
            Command::Timer { by, step } => {
                self.steers(*by)?;
                self.timer.step(*step, at)
            }
            Command::Send { by, message, text } => self.send(*by, *message, text, at),
            Command::Edit { by, message, text } => self.edit(*by, *message, text, at),
            Command::Delete { by, message } => self.delete(*by, *message),
            Command::Mute { by, user, muted } => self.mute(*by, *user, *muted),
            Command::Hand { by, user, raised } => self.hand(*by, *user, *raised),
            Command::React { by, reaction } => self.react(*by, *reaction, at),
            Command::Type { by } => self.type_mark(*by, at),
            Command::OpenQuiz { by, quiz } => {
                self.moderator(*by)?;
                Ok(if self.quiz.as_ref() == Some(quiz) { vec![] } else { vec![Event::QuizOpened(quiz.clone())] })
            }
            Command::CloseQuiz { session } => {
                let open = self.quiz.as_ref().filter(|quiz| quiz.session == *session);
                Ok(open.map(|quiz| Event::QuizClosed { session: quiz.session }).into_iter().collect())
            }
            Command::End { by } => {
                self.moderator(*by)?;
                Ok(vec![Event::Ended { reason: EndReason::Host }])
            }
            Command::Tick => Ok(self.tick(at)),
        }
    }

    /// Whether `by` moderates: deletes, mutes, sets the rules, closes.
    pub fn may_moderate(&self, by: By) -> bool {
        by.moderates || by.user == self.host
    }

    /// Whether `by`, who is in the room, may turn the card for all and run the timer. While neither host nor
    /// teacher is there, everybody may: nobody shall wait for somebody who has gone.
    pub fn may_steer(&self, by: By) -> bool {
        self.may_moderate(by)
            || self.rules.anyone
            || !self.people.iter().any(|person| person.moderates || person.user == self.host)
    }

    fn enter(&self, by: By, name: &str) -> Result<Vec<Event>, Refusal> {
        let known = self.person(by.user);
        if known.is_some_and(|person| person.name == name && person.moderates == by.moderates) {
            return Ok(vec![]);
        }
        if known.is_none() && self.people.len() >= ROOM_MAX && !self.may_moderate(by) {
            return Err(Refusal::Full);
        }
        Ok(vec![Event::Entered { user: by.user, name: name.to_owned(), moderates: by.moderates }])
    }

    fn show_card(&self, by: By, index: u32, revealed: bool) -> Result<Vec<Event>, Refusal> {
        let person = self.person(by.user).ok_or(Refusal::NotInside)?;
        if index >= self.cards {
            return Err(Refusal::Malformed);
        }
        if !self.rules.together {
            let moved = person.card != index;
            return Ok(if moved { vec![Event::CardReached { user: by.user, index }] } else { vec![] });
        }
        self.steers(by)?;
        let same = self.shown.index == index && self.shown.revealed == revealed;
        Ok(if same { vec![] } else { vec![Event::CardShown { index, revealed }] })
    }

    fn send(&self, by: By, message: MessageId, text: &MessageText, at: i64) -> Result<Vec<Event>, Refusal> {
        if self.messages.contains_key(&message) {
            // The same one again, from an outbox that did not hear the answer.
            return Ok(vec![]);
        }
        self.may_write(by, at)?;
        Ok(vec![Event::MessageSent { message, user: by.user, text: text.clone().into_string() }])
    }

    fn edit(&self, by: By, message: MessageId, text: &MessageText, at: i64) -> Result<Vec<Event>, Refusal> {
        let sent = self.messages.get(&message).filter(|sent| !sent.deleted).ok_or(Refusal::UnknownMessage)?;
        if sent.author != by.user {
            return Err(Refusal::NotAllowed);
        }
        self.may_write(by, at)?;
        Ok(vec![Event::MessageEdited { message, user: by.user, text: text.clone().into_string() }])
    }

    fn delete(&self, by: By, message: MessageId) -> Result<Vec<Event>, Refusal> {
        let sent = self.messages.get(&message).ok_or(Refusal::UnknownMessage)?;
        if sent.author != by.user && !self.may_moderate(by) {
            return Err(Refusal::NotAllowed);
        }
        Ok(if sent.deleted { vec![] } else { vec![Event::MessageDeleted { message, by: by.user }] })
    }

    fn may_write(&self, by: By, at: i64) -> Result<(), Refusal> {
        if self.muted.contains(&by.user) {
            return Err(Refusal::Muted);
        }
        let recent: Vec<i64> = self
            .wrote
            .iter()
            .filter(|(user, when)| *user == by.user && at - when < PACE_MS)
            .map(|(_, at)| *at)
            .collect();
        match recent.len().checked_sub(PACE).and_then(|index| recent.get(index)) {
            Some(oldest) => {
                let wait = u32::try_from(oldest + PACE_MS - at).unwrap_or(0);
                Err(Refusal::TooFast { retry_after: wait.div_ceil(1_000).max(1) })
            }
            None => Ok(()),
        }
    }

    fn mute(&self, by: By, user: UserId, muted: bool) -> Result<Vec<Event>, Refusal> {
        self.moderator(by)?;
        // Those who moderate answer to the group's owner, not to each other.
        let protected = user == self.host || self.person(user).is_some_and(|person| person.moderates);
        if muted && protected {
            return Err(Refusal::NotAllowed);
        }
        Ok(match (self.muted.contains(&user), muted) {
            (false, true) if self.muted.len() < 10 * ROOM_MAX => vec![Event::Muted { user, by: by.user }],
            (true, false) => vec![Event::Unmuted { user, by: by.user }],
            _ => vec![],
        })
    }

    fn hand(&self, by: By, user: UserId, raised: bool) -> Result<Vec<Event>, Refusal> {
        if by.user != user && (raised || !self.may_moderate(by)) {
            return Err(Refusal::NotAllowed);
        }
        if self.person(user).is_none() {
            return if by.user == user { Err(Refusal::NotInside) } else { Ok(vec![]) };
        }
        Ok(match (self.hands.contains(&user), raised) {
            (false, true) => vec![Event::HandRaised { user }],
            (true, false) => vec![Event::HandLowered { user }],
            _ => vec![],
        })
    }

    fn react(&self, by: By, reaction: Reaction, at: i64) -> Result<Vec<Event>, Refusal> {
        let person = self.person(by.user).ok_or(Refusal::NotInside)?;
        if self.muted.contains(&by.user) {
            return Err(Refusal::Muted);
        }
        // At most one a second; what comes faster changes nothing.
        let fresh = person.reaction.is_some_and(|(_, until)| until - at > super::REACTION_MS - 1_000);
        Ok(if fresh { vec![] } else { vec![Event::Reacted { user: by.user, reaction }] })
    }

    fn type_mark(&self, by: By, at: i64) -> Result<Vec<Event>, Refusal> {
        let person = self.person(by.user).ok_or(Refusal::NotInside)?;
        let quiet = self.muted.contains(&by.user) || person.typing_until - at > TYPING_MS / 2;
        Ok(if quiet { vec![] } else { vec![Event::Typed { user: by.user }] })
    }

    fn tick(&self, at: i64) -> Vec<Event> {
        let mut events = self.timer.tick(at);
        // Who plays the quiz of the room comes back to it.
        if self.quiz.is_none() && self.empty_since.is_some_and(|since| at - since >= EMPTY_MS) {
            events.push(Event::Ended { reason: EndReason::Empty });
        }
        events
    }

    fn moderator(&self, by: By) -> Result<(), Refusal> {
        if self.may_moderate(by) { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    fn steers(&self, by: By) -> Result<(), Refusal> {
        if self.person(by.user).is_none() {
            return Err(Refusal::NotInside);
        }
        if self.may_steer(by) { Ok(()) } else { Err(Refusal::NotAllowed) }
    }
}
