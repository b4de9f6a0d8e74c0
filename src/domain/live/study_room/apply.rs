//! From an event to the next state. Total: an event of the log is a fact and is never refused.

use super::{Event, PACE_MS, Person, REACTION_MS, Sent, SharedCard, StudyRoom, TYPING_MS, Timer};
use crate::domain::{ids::UserId, live::LiveSessionStatus};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

impl StudyRoom {
    /// The state after the log's first event; `None` when that is not `Created`.
    pub fn created(event: &Event, at: i64) -> Option<Self> {
        let Event::Created { host, title, cards, rules } = event else { return None };
        Some(Self {
            host: *host,
            title: title.clone(),
            cards: *cards,
            rules: *rules,
            status: LiveSessionStatus::Active,
            ended: None,
            people: vec![],
            hands: vec![],
            muted: BTreeSet::new(),
            shown: SharedCard::default(),
            timer: Timer::default(),
            messages: BTreeMap::new(),
            quiz: None,
            empty_since: Some(at),
            wrote: VecDeque::new(),
            last_event_at: at,
        })
    }

    /// Rebuilds the state from a log of (time, event).
    pub fn replay<'a>(mut log: impl Iterator<Item = &'a (i64, Event)>) -> Option<Self> {
        let (at, first) = log.next()?;
        let mut state = Self::created(first, *at)?;
        for (at, event) in log {
            state.apply(event, *at);
        }
        Some(state)
    }

    /// Applies one event that happened at `at`.
    pub fn apply(&mut self, event: &Event, at: i64) {
        if event.is_kept() {
            self.last_event_at = at;
        }
        match event {
            Event::Created { .. } => {}
            Event::Entered { user, name, moderates } => self.enter_person(*user, name, *moderates),
            Event::Left { user } => {
                self.people.retain(|person| person.user != *user);
                self.hands.retain(|hand| hand != user);
                if self.people.is_empty() {
                    self.empty_since.get_or_insert(at);
                }
            }
            Event::RulesChanged { rules } => self.rules = *rules,
            Event::CardShown { index, revealed } => self.shown = SharedCard { index: *index, revealed: *revealed },
            Event::TimerStarted { deadline } => self.timer.deadline = Some(*deadline),
            Event::TimerPaused { left_ms } => {
                self.timer.deadline = None;
                self.timer.left_ms = *left_ms;
            }
            Event::StageBegan { stage, deadline, finished } => self.timer.begin(*stage, *deadline, *finished),
            Event::TimerSet { focus_ms, break_ms } => self.timer.set(*focus_ms, *break_ms),
            Event::MessageSent { message, user, .. } => {
                self.messages.insert(*message, Sent { author: *user, deleted: false });
                self.note_writing(*user, at);
            }
            Event::MessageEdited { user, .. } => self.note_writing(*user, at),
            Event::MessageDeleted { message, .. } => {
                if let Some(sent) = self.messages.get_mut(message) {
                    sent.deleted = true;
                }
            }
            Event::Muted { user, .. } => {
                self.muted.insert(*user);
                self.with(*user, |person| (person.typing_until, person.reaction) = (0, None));
            }
            Event::Unmuted { user, .. } => {
                self.muted.remove(user);
            }
            Event::HandRaised { user } => self.hands.push(*user),
            Event::HandLowered { user } => self.hands.retain(|hand| hand != user),
            Event::QuizOpened(quiz) => self.quiz = Some(quiz.clone()),
            Event::QuizClosed { .. } => {
                self.quiz = None;
                // The time of the quiz does not count as time without people.
                self.empty_since = self.empty_since.map(|_| at);
            }
            Event::Ended { reason } => {
                self.ended = Some(*reason);
                self.status = LiveSessionStatus::Completed;
                self.timer.left_ms = self.timer.remaining_ms(at);
                self.timer.deadline = None;
                self.people.clear();
                self.hands.clear();
                self.quiz = None;
            }
            Event::CardReached { user, index } => self.with(*user, |person| person.card = *index),
            Event::Typed { user } => self.with(*user, |person| person.typing_until = at + TYPING_MS),
            Event::Reacted { user, reaction } => {
                self.with(*user, |person| person.reaction = Some((*reaction, at + REACTION_MS)));
            }
        }
    }

    fn enter_person(&mut self, user: UserId, name: &str, moderates: bool) {
        self.empty_since = None;
        if let Some(person) = self.people.iter_mut().find(|person| person.user == user) {
            name.clone_into(&mut person.name);
            person.moderates = moderates;
        } else {
            let name = name.to_owned();
            self.people.push(Person { user, name, moderates, card: 0, typing_until: 0, reaction: None });
        }
    }

    fn note_writing(&mut self, user: UserId, at: i64) {
        self.wrote.retain(|(_, when)| at - when < PACE_MS);
        self.wrote.push_back((user, at));
        self.with(user, |person| person.typing_until = 0);
    }

    fn with(&mut self, user: UserId, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.people.iter_mut().find(|person| person.user == user) {
            change(person);
        }
    }
}
