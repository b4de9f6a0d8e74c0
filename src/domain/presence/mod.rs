//! Presence: who of a group is there, how reachable they are and what they do. Several devices are one person,
//! a short loss of the line shows nothing, and who is invisible is there for nobody else.

mod device;
mod group;
#[cfg(test)]
mod tests;
mod tracker;

pub use device::{AWAY_AFTER, Device, Facts, Standing, stand};
pub use group::{Batch, CROWD, Group, SAMPLE, Unseen, quantised};
pub use tracker::{DRAIN_GRACE, GRACE, NodeId, NodeState, Stamp, Tick, Tracker, Turn};

use super::ids::{DeckId, GroupId, LiveSessionId, UserId};
use serde::{Deserialize, Serialize};

/// How reachable somebody is. Chosen by the person: all but [`Self::Offline`]; `Online` leaves it to the devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Online,
    Away,
    Busy,
    /// There, but for nobody else to see.
    Invisible,
    Offline,
}

impl Status {
    /// What a person can choose, in the order of the menu.
    pub const CHOICES: [Self; 4] = [Self::Online, Self::Busy, Self::Away, Self::Invisible];

    /// The name in the database, in forms and in style classes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Busy => "busy",
            Self::Invisible => "invisible",
            Self::Offline => "offline",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Online, Self::Away, Self::Busy, Self::Invisible, Self::Offline].into_iter().find(|s| s.as_str() == name)
    }

    /// Which of several devices counts: the higher.
    pub fn rank(self) -> u8 {
        match self {
            Self::Busy => 3,
            Self::Online => 2,
            Self::Away => 1,
            Self::Invisible | Self::Offline => 0,
        }
    }
}

/// What somebody does on the page that they look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Looks at a deck's cards.
    Studying(DeckId),
    /// Answers the deck's cards that are due.
    Reviewing(DeckId),
    InRoom(LiveSessionId),
    InQuiz(LiveSessionId),
    Hosting(LiveSessionId),
}

impl Activity {
    /// Whether a message would disturb.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::InQuiz(_) | Self::Hosting(_))
    }

    pub fn deck(self) -> Option<DeckId> {
        match self {
            Self::Studying(deck) | Self::Reviewing(deck) => Some(deck),
            _ => None,
        }
    }

    pub fn session(self) -> Option<LiveSessionId> {
        match self {
            Self::InRoom(session) | Self::InQuiz(session) | Self::Hosting(session) => Some(session),
            _ => None,
        }
    }
}

/// An activity that the server has checked, with the title of its deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doing {
    pub activity: Activity,
    pub title: String,
}

/// What somebody does, and whose business it is: the members of `group`; nobody's when it is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub doing: Doing,
    pub group: Option<GroupId>,
}

/// Somebody who is there, as the others of a group see them. Never somebody invisible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub user: UserId,
    pub name: String,
    pub status: Status,
    pub doing: Option<Doing>,
}

/// Who of a group is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// In a crowd a sample, and those whom the reader knows from other groups. Sorted as they are shown.
    pub people: Vec<Present>,
    /// How many are there; rounded down above a hundred.
    pub there: u32,
    /// The group is so large that `people` is not everybody.
    pub crowd: bool,
}

/// What changed within a second. An update is never told as leaving and joining.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    pub joined: Vec<Present>,
    pub updated: Vec<Present>,
    pub left: Vec<UserId>,
    pub there: u32,
}

impl Diff {
    /// Whether it says nothing about anybody; `there` may have changed all the same.
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.updated.is_empty() && self.left.is_empty()
    }
}

impl State {
    pub fn find(&self, user: UserId) -> Option<&Present> {
        self.people.iter().find(|one| one.user == user)
    }

    /// Puts the reader in, who is there by reading, before the others know.
    pub fn include(&mut self, reader: Present) {
        if self.find(reader.user).is_none() && !matches!(reader.status, Status::Invisible | Status::Offline) {
            self.there += 1;
            self.people.push(reader);
            self.sort();
        }
    }

    /// Brings the state up to date. Doing it again, in the same order, changes nothing.
    pub fn apply(&mut self, diff: Diff) {
        self.there = diff.there;
        let gone = |user| diff.left.contains(&user) || diff.updated.iter().chain(&diff.joined).any(|p| p.user == user);
        self.people.retain(|one| !gone(one.user));
        self.people.extend(diff.joined);
        self.people.extend(diff.updated);
        self.sort();
    }

    /// By how reachable they are, then by name.
    fn sort(&mut self) {
        self.people.sort_by(|a, b| {
            let by_rank = b.status.rank().min(2).cmp(&a.status.rank().min(2));
            by_rank.then_with(|| a.name.cmp(&b.name)).then_with(|| a.user.cmp(&b.user))
        });
    }
}
