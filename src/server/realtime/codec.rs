//! Frames to bytes and back, in the two forms a client may choose.

use crate::protocol::{ClientFrame, JSON, POSTCARD, ServerFrame};
use axum::extract::ws::{Message, Utf8Bytes};
use bytes::Bytes;

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

    /// A frame's bytes; empty when it cannot be encoded (a bug, logged).
    pub fn encode(self, frame: &ServerFrame) -> Bytes {
        let encoded = match self {
            Self::Postcard => postcard::to_stdvec(frame).map_err(|e| e.to_string()),
            Self::Json => serde_json::to_vec(frame).map_err(|e| e.to_string()),
        };
        encoded
            .inspect_err(|cause| tracing::error!(error.cause = cause, "frame not encoded"))
            .unwrap_or_default()
            .into()
    }

    /// Encoded bytes as a message of this form.
    pub fn message(self, bytes: Bytes) -> Option<Message> {
        match self {
            Self::Postcard => Some(Message::Binary(bytes)),
            Self::Json => Utf8Bytes::try_from(bytes).ok().map(Message::Text),
        }
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
