//! Frames to bytes and back, in the two forms a client may choose.

use super::wire;
use crate::protocol::{ClientFrame, JSON, POSTCARD, ServerFrame};
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

    /// The subprotocol's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postcard => POSTCARD,
            Self::Json => JSON,
        }
    }

    /// A frame ready to be written; empty when it cannot be encoded (a bug, logged).
    pub fn encode(self, frame: &ServerFrame) -> Bytes {
        let encoded = match self {
            Self::Postcard => postcard::to_stdvec(frame).map_err(|e| e.to_string()),
            Self::Json => serde_json::to_vec(frame).map_err(|e| e.to_string()),
        };
        let code = if self == Self::Json { wire::TEXT } else { wire::BINARY };
        let encoded = encoded.inspect_err(|cause| tracing::error!(error.cause = cause, "frame not encoded"));
        encoded.map_or_else(|_| Bytes::new(), |payload| wire::frame(code, &payload))
    }

    /// A client's message as a frame; `None` when it is not one.
    pub fn decode(self, bytes: &[u8]) -> Option<ClientFrame> {
        match self {
            // Bytes after the frame are as wrong as missing ones.
            Self::Postcard => {
                postcard::take_from_bytes(bytes).ok().filter(|(_, rest)| rest.is_empty()).map(|(frame, _)| frame)
            }
            Self::Json => serde_json::from_slice(bytes).ok(),
        }
    }
}
