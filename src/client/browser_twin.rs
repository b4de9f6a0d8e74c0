//! The server's side of `browser`: no clock, no socket, nothing that wakes up.

use uuid::Uuid;

/// Always the beginning: the server renders the moment in which it answers.
pub fn now() -> f64 {
    0.0
}

pub fn random() -> f64 {
    0.0
}

pub fn uuid() -> Uuid {
    Uuid::nil()
}

/// Only a browser sends forms.
pub fn send_form(_form: &str, _to: &str) {}

pub fn post(_path: &str, _fields: &[(&str, &str)]) {}

/// Only a browser leaves a page.
pub fn open(_address: &str) {}

/// Nothing is kept.
pub fn keep(_key: &str, _text: &str) {}

pub fn kept(_key: &str) -> Option<String> {
    None
}

/// Signs from the browser that the line may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    Online,
    Offline,
    Visible,
}

pub fn on_wake(_tell: impl Fn(Wake) + 'static) {}

pub fn on_input(_tell: impl Fn() + 'static) {}

/// What a socket tells.
pub enum Wire {
    Opened,
    Frame(Vec<u8>),
    Closed(u16),
}

/// Never open.
pub struct Line;

impl Line {
    pub fn open(_tell: impl Fn(Wire) + 'static) -> Option<Self> {
        None
    }

    pub fn send(&self, _bytes: &[u8]) {}
}

pub fn remember(_key: &str, _text: &str) {}

pub fn remembered(_key: &str) -> Option<String> {
    None
}

pub fn tone(_hz: f32, _after_ms: u32, _ms: u32) {}
