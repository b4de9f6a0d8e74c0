//! One group's people as its members see them: what changed in a second as one batch, and for large groups a number
//! with a sample, because nobody reads five hundred names and everybody would pay for them.

use super::{Diff, Present, State};
use crate::domain::ids::UserId;
use std::collections::{BTreeMap, BTreeSet};

/// A group with more members is told as a number and a sample.
pub const CROWD: u32 = 150;
/// People in the sample.
pub const SAMPLE: usize = 50;

/// A number that does not change with everybody who comes: exact to 100, then in steps of 10, 50 and 100 (as lichess).
pub fn quantised(count: usize) -> u32 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let step = match count {
        ..=100 => 1,
        101..=1_000 => 10,
        1_001..=10_000 => 50,
        _ => 100,
    };
    count - count % step
}

#[derive(Clone, Debug, Default)]
pub struct Group {
    crowd: bool,
    people: BTreeMap<UserId, Present>,
    /// Who of a crowd is shown to everybody. A place is kept until its holder goes, so that nobody comes and goes
    /// on the screen without doing so.
    sample: BTreeSet<UserId>,
    /// Who changed since the last batch, and what they were then.
    changed: BTreeMap<UserId, Option<Present>>,
    there: u32,
    /// It has become a crowd, or is none any more.
    turned: bool,
}

/// What happened in a group since the last batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Batch {
    /// For everybody, if there is anything; and what concerns people of a crowd who are not in its sample.
    Changed(Option<Diff>, Unseen),
    /// Differences cannot tell it: everybody needs the state anew.
    Anew(State),
}

/// Changes of people whom only their acquaintances see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unseen {
    there: u32,
    /// With what they were before and are now.
    changes: Vec<(UserId, Option<Present>, Option<Present>)>,
}

impl Group {
    /// A group in which nobody was seen yet.
    pub fn new(members: u32) -> Self {
        Self { crowd: members > CROWD, ..Self::default() }
    }

    pub fn is_crowd(&self) -> bool {
        self.crowd
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.changed.is_empty()
    }

    /// The group has so many members now.
    pub fn resize(&mut self, members: u32) {
        let crowd = members > CROWD;
        self.turned |= crowd != self.crowd;
        self.crowd = crowd;
    }

    /// Puts somebody in, changes or removes them; told with the next batch.
    pub fn set(&mut self, user: UserId, present: Option<Present>) {
        let before = self.people.get(&user).cloned();
        if before == present {
            return;
        }
        match present {
            Some(present) => self.people.insert(user, present),
            None => self.people.remove(&user),
        };
        self.changed.entry(user).or_insert(before);
    }

    /// Everything since the last batch; `None` when it comes to nothing.
    pub fn batch(&mut self) -> Option<Batch> {
        let there = quantised(self.people.len());
        let there_changed = std::mem::replace(&mut self.there, there) != there;
        let mut changed = std::mem::take(&mut self.changed);
        let shown_before: BTreeSet<UserId> =
            changed.keys().filter(|user| !self.crowd || self.sample.contains(*user)).copied().collect();
        for user in self.draw() {
            // Was there all the time; only now there is a place in the sample.
            changed.entry(user).or_insert(None);
        }
        if std::mem::take(&mut self.turned) {
            return Some(Batch::Anew(self.state(&BTreeSet::new())));
        }
        let mut diff = Diff { there, ..Diff::default() };
        let mut unseen = Unseen { there, changes: Vec::new() };
        for (user, before) in changed {
            let after = self.people.get(&user).cloned();
            let (was, is) = (shown_before.contains(&user), !self.crowd || self.sample.contains(&user));
            if !was && !is {
                if before != after {
                    unseen.changes.push((user, before, after));
                }
                continue;
            }
            match (before.filter(|_| was), after.filter(|_| is)) {
                (None, Some(now)) => diff.joined.push(now),
                (Some(then), Some(now)) if then != now => diff.updated.push(now),
                (Some(_), None) => diff.left.push(user),
                _ => {}
            }
        }
        let told = there_changed || !diff.is_empty();
        (told || !unseen.changes.is_empty()).then(|| Batch::Changed(told.then_some(diff), unseen))
    }

    /// Fills the sample; tells who is new in it.
    fn draw(&mut self) -> Vec<UserId> {
        if !self.crowd {
            self.sample.clear();
            return Vec::new();
        }
        let people = &self.people;
        self.sample.retain(|user| people.contains_key(user));
        let free = SAMPLE.saturating_sub(self.sample.len());
        if free == 0 {
            return Vec::new();
        }
        let mut waiting: Vec<_> = people.values().filter(|one| !self.sample.contains(&one.user)).collect();
        waiting.sort_by_key(|one| (std::cmp::Reverse(one.status.rank().min(2)), one.user));
        let drawn: Vec<UserId> = waiting.into_iter().take(free).map(|one| one.user).collect();
        self.sample.extend(&drawn);
        drawn
    }

    /// Who is there, for somebody who knows `friends` from elsewhere.
    pub fn state(&self, friends: &BTreeSet<UserId>) -> State {
        let seen = |user: &UserId| !self.crowd || self.sample.contains(user) || friends.contains(user);
        let people = self.people.values().filter(|one| seen(&one.user)).cloned().collect();
        let mut state = State { people, there: self.there, crowd: self.crowd };
        state.sort();
        state
    }
}

impl Unseen {
    /// What of it is for somebody who knows `friends`; `None` when nothing is.
    pub fn diff(&self, friends: &BTreeSet<UserId>) -> Option<Diff> {
        let mut diff = Diff { there: self.there, ..Diff::default() };
        for (user, before, after) in self.changes.iter().filter(|(user, ..)| friends.contains(user)) {
            match (before, after.clone()) {
                (None, Some(now)) => diff.joined.push(now),
                (Some(_), Some(now)) => diff.updated.push(now),
                (_, None) => diff.left.push(*user),
            }
        }
        (!diff.is_empty()).then_some(diff)
    }
}
