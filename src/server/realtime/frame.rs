//! A server frame that is encoded once for each codec, however many connections it goes to.

use super::codec::Codec;
use crate::protocol::ServerFrame;
use bytes::Bytes;
use std::sync::{Arc, OnceLock};

/// Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    frame: ServerFrame,
    postcard: OnceLock<Bytes>,
    json: OnceLock<Bytes>,
}

impl Frame {
    pub fn new(frame: ServerFrame) -> Self {
        Self(Arc::new(Inner { frame, postcard: OnceLock::new(), json: OnceLock::new() }))
    }

    /// The frame ready to be written; empty when it could not be encoded (a bug, logged).
    pub fn bytes(&self, codec: Codec) -> Bytes {
        let encoded = match codec {
            Codec::Postcard => &self.0.postcard,
            Codec::Json => &self.0.json,
        };
        encoded.get_or_init(|| codec.encode(&self.0.frame)).clone()
    }
}

impl From<ServerFrame> for Frame {
    fn from(frame: ServerFrame) -> Self {
        Self::new(frame)
    }
}

impl From<&Self> for Frame {
    fn from(frame: &Self) -> Self {
        frame.clone()
    }
}
