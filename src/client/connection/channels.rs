//! Where we are in each channel: every event counts once and in order, and what is missing is asked for.

use crate::protocol::{Channel, Position, Subscription};

#[derive(Clone, Debug)]
struct Heard {
    channel: Channel,
    /// Of the last event that counted; belongs to the channel, so it outlives the connection.
    position: Option<Position>,
    /// When the server was asked on this connection, until it answers.
    asked_at: Option<u64>,
    /// When to ask again, after it could not say.
    again_at: Option<u64>,
}

/// What to do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Apply,
    /// It counted before, or nobody has asked for it.
    Drop,
    /// Something before it is missing: ask.
    Hole,
}

#[derive(Clone, Debug, Default)]
pub struct Channels(Vec<Heard>);

impl Channels {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, channel: Channel) -> bool {
        self.0.iter().any(|heard| heard.channel == channel)
    }

    /// Adds a channel. `false` when the server need not be asked: it is heard already, and has no state to tell the
    /// one who joins.
    pub fn add(&mut self, channel: Channel) -> bool {
        match self.find(channel) {
            Some(heard) if channel.has_state() => {
                heard.position = None;
                true
            }
            Some(_) => false,
            None => {
                self.0.push(Heard { channel, position: None, asked_at: None, again_at: None });
                true
            }
        }
    }

    pub fn remove(&mut self, channel: Channel) {
        self.0.retain(|heard| heard.channel != channel);
    }

    /// The question for one channel.
    pub fn ask(&mut self, channel: Channel, now: u64) -> Option<Subscription> {
        self.find(channel).map(|heard| heard.ask(now))
    }

    /// The question for all channels, for a new connection.
    pub fn ask_all(&mut self, now: u64) -> Vec<Subscription> {
        self.0.iter_mut().map(|heard| heard.ask(now)).collect()
    }

    /// The server goes on from `position`.
    pub fn entered(&mut self, channel: Channel, position: Position) {
        if let Some(heard) = self.find(channel) {
            heard.asked_at = None;
            // What counted already does not count again.
            let ahead = heard.position.is_some_and(|at| at.epoch == position.epoch && at.offset > position.offset);
            if !ahead {
                heard.position = Some(position);
            }
        }
    }

    /// The server begins anew at `position`. `false` when nobody wants to know.
    pub fn restored(&mut self, channel: Channel, position: Position) -> bool {
        let Some(heard) = self.find(channel) else { return false };
        heard.asked_at = None;
        heard.position = Some(position);
        true
    }

    pub fn happened(&mut self, channel: Channel, position: Position) -> Verdict {
        let Some(heard) = self.find(channel) else { return Verdict::Drop };
        let Some(at) = heard.position else { return Verdict::Drop };
        if at.epoch == position.epoch && position.offset <= at.offset {
            return Verdict::Drop;
        }
        if at.epoch == position.epoch && position.offset == at.offset + 1 {
            heard.position = Some(position);
            return Verdict::Apply;
        }
        // One question is enough.
        if heard.asked_at.is_some() { Verdict::Drop } else { Verdict::Hole }
    }

    pub fn try_again(&mut self, channel: Channel, at: u64) {
        if let Some(heard) = self.find(channel) {
            (heard.asked_at, heard.again_at) = (None, Some(at));
        }
    }

    /// When the next channel is to be asked for again.
    pub fn next_try(&self) -> Option<u64> {
        self.0.iter().filter_map(|heard| heard.again_at).min()
    }

    /// The channels to ask for again now.
    pub fn due(&self, now: u64) -> Vec<Channel> {
        let due = |heard: &&Heard| heard.again_at.is_some_and(|at| now >= at);
        self.0.iter().filter(due).map(|heard| heard.channel).collect()
    }

    /// Since when the oldest answer is missing.
    pub fn oldest_question(&self) -> Option<u64> {
        self.0.iter().filter_map(|heard| heard.asked_at).min()
    }

    /// The line is being asked: the next doubt counts from here.
    pub fn doubted(&mut self, now: u64) {
        for heard in self.0.iter_mut().filter(|heard| heard.asked_at.is_some()) {
            heard.asked_at = Some(now);
        }
    }

    /// The connection is gone.
    pub fn unasked(&mut self) {
        for heard in &mut self.0 {
            (heard.asked_at, heard.again_at) = (None, None);
        }
    }

    fn find(&mut self, channel: Channel) -> Option<&mut Heard> {
        self.0.iter_mut().find(|heard| heard.channel == channel)
    }
}

impl Heard {
    fn ask(&mut self, now: u64) -> Subscription {
        (self.asked_at, self.again_at) = (Some(now), None);
        Subscription { channel: self.channel, position: self.position }
    }
}
