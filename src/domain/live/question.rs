//! Questions and answers. What players may see before the reveal has its own type without the key,
//! so that no message to them can carry it.

use super::{draw::POINTS, number};
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
    /// All that are right of the options.
    Several,
    /// A number; nearness counts.
    Number,
    /// The options, put in order.
    Order,
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
    /// Logs that were written before questions could be adjusted have none.
    #[serde(default)]
    pub adjusted: Adjusted,
}

/// What the host changed before the start, beside the question's own parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Adjusted {
    /// Time for this question alone, ms; `None`: as for all.
    pub time_limit_ms: Option<u32>,
    /// The explanation as the host wrote it, Markdown; `None`: the card's.
    pub explanation_source: Option<String>,
}

/// What a question is worth, as everybody is told before it opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    Nothing,
    #[default]
    Usual,
    Double,
}

impl Worth {
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Usual, Self::Double];

    pub fn of(points: u32) -> Self {
        match points {
            0 => Self::Nothing,
            1..=POINTS => Self::Usual,
            _ => Self::Double,
        }
    }

    /// Points for the fastest right answer.
    pub fn points(self) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::Usual => POINTS,
            Self::Double => 2 * POINTS,
        }
    }

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Usual => "single",
            Self::Double => "double",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|worth| worth.as_str() == name)
    }
}

/// What is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// `correct` indexes `options` (2 to 6 of them, all different).
    Choice { options: Vec<Rich>, correct: u8 },
    /// The first is the one to show; any of them counts.
    Typed { solutions: Vec<Rich> },
    /// `correct`: rising indexes of all right `options`.
    Several { options: Vec<Rich>, correct: Vec<u8> },
    /// `value` in millionths.
    Number { value: i64, text: Rich },
    /// `right`: which of the shown `options` comes first, second, …
    Order { options: Vec<Rich>, right: Vec<u8> },
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
    pub worth: Worth,
}

/// What everybody sees at the reveal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// Indexes of the right options, for an order in that order; empty for typed answers.
    pub correct: Vec<u8>,
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
    /// Rising indexes of the options.
    Several(Vec<u8>),
    /// Indexes of all options, first to last.
    Order(Vec<u8>),
}

/// All that an answer can be worth.
pub const FULL: u16 = 1_000;

/// Longest typed answer, in characters.
pub const MAX_TYPED_ANSWER: usize = 200;

impl Answer {
    /// Whether it takes this option.
    pub fn takes(&self, option: u8) -> bool {
        match self {
            Self::Choice(chosen) => *chosen == option,
            Self::Several(chosen) => chosen.contains(&option),
            Self::Text(_) | Self::Order(_) => false,
        }
    }

    /// As text; `option` gives an option's.
    pub fn in_words<'a>(&self, option: impl Fn(&u8) -> &'a str) -> String {
        match self {
            Self::Choice(chosen) => option(chosen).to_owned(),
            Self::Text(text) => text.clone(),
            Self::Several(chosen) => chosen.iter().map(option).collect::<Vec<_>>().join(", "),
            Self::Order(chosen) => chosen.iter().map(option).collect::<Vec<_>>().join(" → "),
        }
    }
}

impl Question {
    /// Whether this option is right.
    pub fn holds(&self, option: u8) -> bool {
        match &self.key {
            Key::Choice { correct, .. } => *correct == option,
            Key::Several { correct, .. } => correct.contains(&option),
            Key::Typed { .. } | Key::Number { .. } | Key::Order { .. } => false,
        }
    }

    /// An answer to this question as text.
    pub fn in_words(&self, answer: &Answer) -> String {
        let options = self.key.options();
        answer.in_words(|option| options.get(usize::from(*option)).map_or("", |rich| rich.text.as_str()))
    }

    pub fn kind(&self) -> AnswerKind {
        match self.key {
            Key::Choice { .. } => AnswerKind::Choice,
            Key::Typed { .. } => AnswerKind::Typed,
            Key::Several { .. } => AnswerKind::Several,
            Key::Number { .. } => AnswerKind::Number,
            Key::Order { .. } => AnswerKind::Order,
        }
    }

    /// The part without the key.
    pub fn open(&self, with_hint: bool) -> OpenQuestion {
        OpenQuestion {
            kind: self.kind(),
            prompt: self.prompt.clone(),
            options: self.key.options().to_vec(),
            hint: if with_hint { self.hint.clone() } else { None },
            worth: Worth::of(self.points),
        }
    }

    pub fn solution(&self) -> Solution {
        let (correct, answer) = match &self.key {
            Key::Choice { options, correct } => {
                (vec![*correct], options.get(usize::from(*correct)).cloned().unwrap_or_default())
            }
            Key::Typed { solutions } => (vec![], solutions.first().cloned().unwrap_or_default()),
            Key::Several { correct, .. } => {
                (correct.clone(), Rich::plain(self.in_words(&Answer::Several(correct.clone()))))
            }
            Key::Number { text, .. } => (vec![], text.clone()),
            Key::Order { right, .. } => (right.clone(), Rich::plain(self.in_words(&Answer::Order(right.clone())))),
        };
        Solution { correct, answer, explanation: self.explanation.clone() }
    }

    /// An answer in letters, as a page without JavaScript sends it, as the question takes it.
    pub fn read(&self, answer: &Answer) -> Answer {
        let (Answer::Text(text), Key::Several { .. } | Key::Order { .. }) = (answer, &self.key) else {
            return answer.clone();
        };
        let letters = text.bytes().filter(u8::is_ascii_alphabetic);
        let mut picked: Vec<u8> = letters.map(|letter| letter.to_ascii_lowercase() - b'a').collect();
        if let Key::Several { .. } = self.key {
            picked.sort_unstable();
            Answer::Several(picked)
        } else {
            Answer::Order(picked)
        }
    }

    /// Whether `answer` is of the question's kind and within its limits.
    pub fn accepts(&self, answer: &Answer) -> bool {
        let short = |text: &str| !text.trim().is_empty() && text.chars().count() <= MAX_TYPED_ANSWER;
        let known = |picked: &[u8], options: &[Rich]| picked.iter().all(|i| usize::from(*i) < options.len());
        match (&self.key, answer) {
            (Key::Choice { options, .. }, Answer::Choice(index)) => known(&[*index], options),
            (Key::Typed { .. }, Answer::Text(text)) => short(text),
            (Key::Number { .. }, Answer::Text(text)) => short(text) && number::parse(text).is_some(),
            (Key::Several { options, .. }, Answer::Several(picked)) => {
                !picked.is_empty() && known(picked, options) && picked.is_sorted_by(|a, b| a < b)
            }
            (Key::Order { options, .. }, Answer::Order(picked)) => {
                let different: std::collections::BTreeSet<&u8> = picked.iter().collect();
                picked.len() == options.len() && different.len() == options.len() && known(picked, options)
            }
            _ => false,
        }
    }

    /// Whether `answer` is right.
    pub fn is_correct(&self, answer: &Answer) -> bool {
        match (&self.key, answer) {
            (Key::Number { value, .. }, Answer::Text(text)) => {
                number::parse(text).is_some_and(|estimate| number::is_near(*value, estimate))
            }
            _ => self.key.mark(answer) == FULL,
        }
    }
}

impl Key {
    /// What is shown to choose from or to put in order; empty for typed answers.
    pub fn options(&self) -> &[Rich] {
        match self {
            Self::Choice { options, .. } | Self::Several { options, .. } | Self::Order { options, .. } => options,
            Self::Typed { .. } | Self::Number { .. } => &[],
        }
    }

    /// What an answer is worth, in thousandths of the points. Of several, each wrong one takes a right one away
    /// (Fuiz counts the same way); of an order, the share of entries in their places; of a number, nearness.
    pub fn mark(&self, answer: &Answer) -> u16 {
        let all = |right: bool| if right { FULL } else { 0 };
        match (self, answer) {
            (Self::Choice { correct, .. }, Answer::Choice(index)) => all(index == correct),
            (Self::Typed { solutions }, Answer::Text(text)) => {
                all(solutions.iter().any(|s| super::answer_text::same(&s.text, text)))
            }
            (Self::Several { correct, .. }, Answer::Several(picked)) => {
                let right = picked.iter().filter(|i| correct.contains(i)).count();
                share(right.saturating_sub(picked.len() - right), correct.len())
            }
            (Self::Number { value, .. }, Answer::Text(text)) => {
                number::parse(text).map_or(0, |estimate| number::nearness(*value, estimate))
            }
            (Self::Order { right, .. }, Answer::Order(picked)) => {
                share(right.iter().zip(picked).filter(|(a, b)| a == b).count(), right.len())
            }
            _ => 0,
        }
    }
}

fn share(part: usize, whole: usize) -> u16 {
    u16::try_from(part * usize::from(FULL) / whole.max(1)).unwrap_or(FULL)
}
