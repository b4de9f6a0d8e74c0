//! The room as everybody in it sees it: complete but for the messages, the same for all, so that it is encoded once.

use super::{EndReason, QuizLink, Reaction, Rules, SharedCard, StudyRoom, TimerView};
use crate::domain::ids::{DeckId, GroupId, LiveSessionId, UserId};
use serde::{Deserialize, Serialize};

/// Somebody in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    pub user: UserId,
    pub name: String,
    /// Host or teacher.
    pub moderates: bool,
    /// From 0.
    pub card: u32,
    pub typing: bool,
    pub reaction: Option<Reaction>,
    pub muted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    pub session: LiveSessionId,
    pub group: GroupId,
    pub deck: DeckId,
    pub title: String,
    pub host: UserId,
    pub cards: u32,
    pub rules: Rules,
    pub ended: Option<EndReason>,
    /// In the order in which they came.
    pub people: Vec<PersonView>,
    /// Raised hands, the longest waiting first.
    pub hands: Vec<UserId>,
    pub shown: SharedCard,
    pub timer: TimerView,
    pub quiz: Option<QuizLink>,
}

impl StudyRoom {
    /// What is seen at `now` (Unix ms).
    pub fn view(&self, session: LiveSessionId, group: GroupId, deck: DeckId, now: i64) -> RoomView {
        let people = self.people.iter().map(|person| PersonView {
            user: person.user,
            name: person.name.clone(),
            moderates: person.moderates || person.user == self.host,
            card: if self.rules.together { self.shown.index } else { person.card },
            typing: person.typing_until > now,
            reaction: person.reaction.filter(|(_, until)| *until > now).map(|(reaction, _)| reaction),
            muted: self.muted.contains(&person.user),
        });
        RoomView {
            session,
            group,
            deck,
            title: self.title.clone(),
            host: self.host,
            cards: self.cards,
            rules: self.rules,
            ended: self.ended,
            people: people.collect(),
            hands: self.hands.clone(),
            shown: self.shown,
            timer: self.timer.view(now),
            quiz: self.quiz.clone(),
        }
    }
}

impl RoomView {
    /// The same but for the passing of time: nothing that anybody must be told.
    pub fn same_as(&self, other: &Self) -> bool {
        let Self { timer, .. } = other;
        let mine = TimerView { remaining_ms: timer.remaining_ms, ..self.timer };
        let standing = self.timer.running || self.timer.remaining_ms == timer.remaining_ms;
        standing
            && mine == *timer
            && self.people == other.people
            && self.hands == other.hands
            && self.shown == other.shown
            && self.rules == other.rules
            && self.ended == other.ended
            && self.quiz == other.quiz
    }

    pub fn person(&self, user: UserId) -> Option<&PersonView> {
        self.people.iter().find(|person| person.user == user)
    }

    /// As [`StudyRoom::may_steer`], for what the page offers.
    pub fn may_steer(&self, user: UserId, moderates: bool) -> bool {
        self.person(user).is_some()
            && (moderates || self.rules.anyone || !self.people.iter().any(|person| person.moderates))
    }
}
