//! Questions and answers. What players may see before the reveal has its own type without the key,
//! so that no message to them can carry it.

use crate::domain::ids::CardId;
use serde::{Deserialize, Serialize};

/// A piece of text: plain for comparing and reading aloud, and as sanitised HTML where it has markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rich {
    pub text: String,
    /// `None`: the plain text is all there is.
    pub html: Option<String>,
}

impl Rich {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), html: None }
    }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// One of the options.
    Choice,
    /// A typed text.
    Typed,
}

/// A question with its key, as drawn before the session starts. Never leaves the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub card: CardId,
    pub prompt: Rich,
    pub key: Key,
    pub hint: Option<Rich>,
    pub explanation: Option<Rich>,
    /// Points for the fastest right answer.
    pub points: u32,
}

/// What is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// `correct` indexes `options` (2 to 6 of them, all different).
    Choice { options: Vec<Rich>, correct: u8 },
    /// The first is the one to show; any of them counts.
    Typed { solutions: Vec<Rich> },
}

/// What everybody sees while the question is open: no key in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenQuestion {
    pub kind: AnswerKind,
    pub prompt: Rich,
    /// Empty for typed answers.
    pub options: Vec<Rich>,
    /// Only when the host allowed hints.
    pub hint: Option<Rich>,
}

/// What everybody sees at the reveal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// Index of the right option; `None` for typed answers.
    pub correct: Option<u8>,
    /// The right answer in words.
    pub answer: Rich,
    pub explanation: Option<Rich>,
}

/// What a player sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Index of the option.
    Choice(u8),
    Text(String),
}

/// Longest typed answer, in characters.
pub const MAX_TYPED_ANSWER: usize = 200;

impl Question {
    pub fn kind(&self) -> AnswerKind {
        match self.key {
            Key::Choice { .. } => AnswerKind::Choice,
            Key::Typed { .. } => AnswerKind::Typed,
        }
    }

    /// The part without the key.
    pub fn open(&self, with_hint: bool) -> OpenQuestion {
        OpenQuestion {
            kind: self.kind(),
            prompt: self.prompt.clone(),
            options: match &self.key {
                Key::Choice { options, .. } => options.clone(),
                Key::Typed { .. } => vec![],
            },
            hint: if with_hint { self.hint.clone() } else { None },
        }
    }

    pub fn solution(&self) -> Solution {
        let (correct, answer) = match &self.key {
            Key::Choice { options, correct } => {
                (Some(*correct), options.get(usize::from(*correct)).cloned().unwrap_or_default())
            }
            Key::Typed { solutions } => (None, solutions.first().cloned().unwrap_or_default()),
        };
        Solution { correct, answer, explanation: self.explanation.clone() }
    }

    /// Whether `answer` is of the question's kind and within its limits.
    pub fn accepts(&self, answer: &Answer) -> bool {
        match (&self.key, answer) {
            (Key::Choice { options, .. }, Answer::Choice(index)) => usize::from(*index) < options.len(),
            (Key::Typed { .. }, Answer::Text(text)) => {
                !text.trim().is_empty() && text.chars().count() <= MAX_TYPED_ANSWER
            }
            _ => false,
        }
    }

    /// Whether `answer` is right.
    pub fn is_correct(&self, answer: &Answer) -> bool {
        match (&self.key, answer) {
            (Key::Choice { correct, .. }, Answer::Choice(index)) => index == correct,
            (Key::Typed { solutions }, Answer::Text(text)) => {
                solutions.iter().any(|s| super::answer_text::same(&s.text, text))
            }
            _ => false,
        }
    }
}
