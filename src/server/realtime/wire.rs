//! WebSocket framing (RFC 6455) on bytes that were read, and frames ready to be written. Holds no socket and no
//! buffer, so that an idle connection costs neither.

use crate::protocol::MAX_CLIENT_FRAME;
use bytes::Bytes;
use std::io::Cursor;
use tokio_tungstenite::tungstenite::protocol::frame::{
    FrameHeader,
    coding::{Control, Data, OpCode},
};

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close,
}

/// Why bytes are not a client's frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    Malformed,
    TooBig,
}

/// The pieces of a message that is not whole yet. Empty, and without memory, nearly always.
#[derive(Debug, Default)]
pub struct Reader {
    /// Of a frame that was cut by the network.
    rest: Vec<u8>,
    /// Of a message in several frames, and what it is.
    message: Vec<u8>,
    kind: Option<Data>,
}

impl Reader {
    /// Takes bytes from the network and gives what is whole.
    pub fn take(&mut self, bytes: &[u8], heard: &mut Vec<Heard>) -> Result<(), Broken> {
        if self.rest.is_empty() {
            let used = self.parse(bytes, heard)?;
            if used < bytes.len() {
                self.rest = bytes[used..].to_vec();
            }
            return Ok(());
        }
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let used = self.parse(&all, heard)?;
        if used < all.len() {
            self.rest = all.split_off(used);
        }
        Ok(())
    }

    fn parse(&mut self, bytes: &[u8], heard: &mut Vec<Heard>) -> Result<usize, Broken> {
        let mut used = 0;
        loop {
            let mut cursor = Cursor::new(&bytes[used..]);
            let parsed = FrameHeader::parse(&mut cursor).map_err(|_| Broken::Malformed)?;
            let Some((header, length)) = parsed else { return Ok(used) };
            let length = usize::try_from(length).map_err(|_| Broken::TooBig)?;
            if length.saturating_add(self.message.len()) > MAX_CLIENT_FRAME {
                return Err(Broken::TooBig);
            }
            let head = usize::try_from(cursor.position()).map_err(|_| Broken::Malformed)?;
            // Clients mask; nobody has agreed on extensions.
            let Some(mask) = header.mask else { return Err(Broken::Malformed) };
            if header.rsv1 || header.rsv2 || header.rsv3 {
                return Err(Broken::Malformed);
            }
            let Some(payload) = bytes[used + head..].get(..length) else { return Ok(used) };
            let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
            used += head + length;
            self.frame(header.opcode, header.is_final, payload, heard)?;
        }
    }

    fn frame(&mut self, code: OpCode, last: bool, payload: Vec<u8>, heard: &mut Vec<Heard>) -> Result<(), Broken> {
        match code {
            OpCode::Control(_) if !last || payload.len() > 125 => Err(Broken::Malformed),
            OpCode::Control(Control::Close) => {
                heard.push(Heard::Close);
                Ok(())
            }
            OpCode::Control(Control::Ping) => {
                heard.push(Heard::Ping(payload));
                Ok(())
            }
            OpCode::Control(Control::Pong) => {
                heard.push(Heard::Pong);
                Ok(())
            }
            OpCode::Control(Control::Reserved(_)) | OpCode::Data(Data::Reserved(_)) => Err(Broken::Malformed),
            OpCode::Data(Data::Continue) => {
                let Some(kind) = self.kind else { return Err(Broken::Malformed) };
                self.message.extend_from_slice(&payload);
                if last {
                    self.kind = None;
                    heard.push(whole(kind, std::mem::take(&mut self.message)));
                }
                Ok(())
            }
            OpCode::Data(_) if self.kind.is_some() => Err(Broken::Malformed),
            OpCode::Data(kind) => {
                if last {
                    heard.push(whole(kind, payload));
                } else {
                    (self.kind, self.message) = (Some(kind), payload);
                }
                Ok(())
            }
        }
    }
}

fn whole(kind: Data, payload: Vec<u8>) -> Heard {
    if kind == Data::Text { Heard::Text(payload) } else { Heard::Binary(payload) }
}

/// A server's frame, ready to be written: servers do not mask, so that all connections share the bytes.
pub fn frame(code: OpCode, payload: &[u8]) -> Bytes {
    let header = FrameHeader { opcode: code, ..FrameHeader::default() };
    let length = payload.len() as u64;
    let mut bytes = Vec::with_capacity(header.len(length) + payload.len());
    // Writing to memory does not fail, and the length fits the header that was asked for it.
    if header.format(length, &mut bytes).is_err() {
        return Bytes::new();
    }
    bytes.extend_from_slice(payload);
    bytes.into()
}

/// A close frame with its code and reason.
pub fn close(code: u16, reason: &str) -> Bytes {
    let payload = [&code.to_be_bytes()[..], reason.as_bytes()].concat();
    frame(OpCode::Control(Control::Close), &payload)
}

/// The answer to a ping of the WebSocket layer.
pub fn pong(payload: &[u8]) -> Bytes {
    frame(OpCode::Control(Control::Pong), payload)
}

pub const TEXT: OpCode = OpCode::Data(Data::Text);
pub const BINARY: OpCode = OpCode::Data(Data::Binary);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A client's frame.
    fn masked(code: OpCode, last: bool, payload: &[u8]) -> Vec<u8> {
        let mask = [0x12, 0x34, 0x56, 0x78];
        let header = FrameHeader { is_final: last, opcode: code, mask: Some(mask), ..FrameHeader::default() };
        let mut bytes = Vec::new();
        header.format(payload.len() as u64, &mut bytes).unwrap();
        bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
        bytes
    }

    fn read(parts: &[&[u8]]) -> (Reader, Result<Vec<Heard>, Broken>) {
        let (mut reader, mut heard) = (Reader::default(), vec![]);
        for part in parts {
            if let Err(broken) = reader.take(part, &mut heard) {
                return (reader, Err(broken));
            }
        }
        (reader, Ok(heard))
    }

    proptest! {
        #[test]
        fn frames_arrive_whole_however_the_network_cuts_them(
            payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..400), 1..6),
            cuts in proptest::collection::vec(1usize..300, 1..40),
        ) {
            let bytes: Vec<u8> = payloads.iter().flat_map(|payload| masked(BINARY, true, payload)).collect();
            let (mut parts, mut rest) = (vec![], &bytes[..]);
            for cut in cuts {
                let (part, others) = rest.split_at(cut.min(rest.len()));
                parts.push(part);
                rest = others;
            }
            parts.push(rest);
            let (reader, heard) = read(&parts);
            prop_assert_eq!(heard.unwrap(), payloads.into_iter().map(Heard::Binary).collect::<Vec<_>>());
            prop_assert_eq!(reader.rest.capacity(), 0, "nothing is kept");
        }

        #[test]
        fn no_bytes_make_it_panic_or_grow(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let (reader, _) = read(&[&bytes]);
            prop_assert!(reader.rest.len() + reader.message.len() <= 2 * MAX_CLIENT_FRAME);
        }
    }

    #[test]
    fn a_message_in_pieces_is_put_together_and_a_ping_may_come_between() {
        let first = masked(TEXT, false, b"stu");
        let ping = masked(OpCode::Control(Control::Ping), true, b"?");
        let last = masked(OpCode::Data(Data::Continue), true, b"dy");
        let (_, heard) = read(&[&first, &ping, &last]);
        assert_eq!(heard, Ok(vec![Heard::Ping(b"?".to_vec()), Heard::Text(b"study".to_vec())]));
    }

    #[test]
    fn what_clients_must_not_send_is_refused() {
        let unmasked = frame(BINARY, b"x");
        let reserved = [masked(BINARY, true, b"x")[0] | 0x40, 0x81, 0, 0, 0, 0, 0];
        let lonely = masked(OpCode::Data(Data::Continue), true, b"x");
        let long_ping = masked(OpCode::Control(Control::Ping), true, &[0; 126]);
        for (bytes, expected) in [
            (&unmasked[..], Broken::Malformed),
            (&reserved[..], Broken::Malformed),
            (&lonely[..], Broken::Malformed),
            (&long_ping[..], Broken::Malformed),
            // Refused by its head, before the body is there.
            (&masked(BINARY, true, &vec![0; MAX_CLIENT_FRAME + 1])[..16], Broken::TooBig),
        ] {
            assert_eq!(read(&[bytes]).1, Err(expected));
        }
        let half = masked(BINARY, false, &vec![0; MAX_CLIENT_FRAME]);
        let more = masked(OpCode::Data(Data::Continue), true, b"x");
        assert_eq!(read(&[&half, &more]).1, Err(Broken::TooBig));
    }

    #[test]
    fn a_close_frame_carries_its_code() {
        assert_eq!(close(4000, "bye")[..], [0x88, 5, 0x0F, 0xA0, b'b', b'y', b'e']);
    }
}
