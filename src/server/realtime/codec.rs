//! Frames to bytes and back, in the two forms a client may choose.

use crate::protocol::{ClientFrame, JSON, POSTCARD, ServerFrame};
use axum::extract::ws::Message;

/// The form of a connection's frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Postcard,
    Json,
}

impl Codec {
    /// The codec of a subprotocol's name.
    pub fn of(protocol: &[u8]) -> Option<Self> {
        match protocol {
            p if p == POSTCARD.as_bytes() => Some(Self::Postcard),
            p if p == JSON.as_bytes() => Some(Self::Json),
            _ => None,
        }
    }

    /// A frame as a message; `None` when it cannot be encoded (a bug, logged).
    pub fn encode(self, frame: &ServerFrame) -> Option<Message> {
        let encoded = match self {
            Self::Postcard => postcard::to_stdvec(frame).map(Message::from).map_err(|e| e.to_string()),
            Self::Json => serde_json::to_string(frame).map(Message::from).map_err(|e| e.to_string()),
        };
        encoded.inspect_err(|cause| tracing::error!(error.cause = cause, "frame not encoded")).ok()
    }

    /// A client's message as a frame; `None` when it is not one.
    pub fn decode(self, message: &Message) -> Option<ClientFrame> {
        match (self, message) {
            (Self::Postcard, Message::Binary(bytes)) => {
                // Bytes after the frame are as wrong as missing ones.
                postcard::take_from_bytes(bytes).ok().filter(|(_, rest)| rest.is_empty()).map(|(frame, _)| frame)
            }
            (Self::Json, Message::Text(text)) => serde_json::from_str(text).ok(),
            _ => None,
        }
    }
}
