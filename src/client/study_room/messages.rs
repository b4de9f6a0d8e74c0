//! The messages of a room's page: the conversation in order, and what is on its way, kept over a reload.

use crate::{
    domain::{ids::MessageId, live::study_room::RoomMessage},
    protocol::Refused,
};

/// A message that the room has not shown yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    pub id: MessageId,
    pub text: String,
    /// Why it will not go by itself.
    pub refused: Option<Refused>,
    /// The server has it; only the news of it is missing.
    pub(super) taken: bool,
}

/// Control characters are in no message.
const BETWEEN: char = '\u{1e}';
const AFTER_ID: char = '\u{1f}';

pub(super) fn pack(waiting: &[Waiting]) -> String {
    let mut out = String::new();
    for one in waiting {
        if !out.is_empty() {
            out.push(BETWEEN);
        }
        out.push_str(&one.id.to_string());
        out.push(AFTER_ID);
        out.push_str(&one.text);
    }
    out
}

pub(super) fn unpack(kept: &str) -> Vec<(MessageId, String)> {
    let entry = |entry: &str| {
        let (id, text) = entry.split_once(AFTER_ID)?;
        Some((id.parse().ok()?, text.to_owned()))
    };
    kept.split(BETWEEN).filter_map(entry).collect()
}

/// Each message once, in the order of the room's log; a newer state replaces an older.
pub(super) fn put(messages: &mut Vec<RoomMessage>, message: &RoomMessage) {
    match messages.binary_search_by_key(&message.number, |one| one.number) {
        Ok(at) => {
            if let Some(known) = messages.get_mut(at).filter(|known| known.changed < message.changed) {
                *known = message.clone();
            }
        }
        Err(at) => messages.insert(at, message.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn message(number: i64, changed: i64) -> RoomMessage {
        RoomMessage {
            id: MessageId(Uuid::from_u128(number as u128)),
            number,
            changed,
            user: UserId(Uuid::nil()),
            name: String::new(),
            at: 0,
            text: format!("{number} as of {changed}"),
            edited: false,
            deleted_by: None,
        }
    }

    #[test]
    fn what_is_unsent_survives_a_reload() {
        let waiting: Vec<Waiting> = ["one", "two\nlines", "="]
            .into_iter()
            .zip(1u128..)
            .map(|(text, n)| Waiting {
                id: MessageId(Uuid::from_u128(n)),
                text: text.to_owned(),
                refused: None,
                taken: false,
            })
            .collect();
        let kept: Vec<_> = waiting.iter().map(|one| (one.id, one.text.clone())).collect();
        assert_eq!(unpack(&pack(&waiting)), kept);
        assert!(unpack("").is_empty() && unpack("rubbish").is_empty());
    }

    proptest! {
        #[test]
        fn each_message_is_there_once_in_order_and_as_it_was_last(
            heard in prop::collection::vec((1i64..20, 0i64..5), 0..80)
        ) {
            let mut messages = vec![];
            for (number, later) in &heard {
                put(&mut messages, &message(*number, number + later));
            }
            prop_assert!(messages.windows(2).all(|pair| pair[0].number < pair[1].number));
            for one in &messages {
                let newest = heard.iter().filter(|(number, _)| *number == one.number).map(|(n, later)| n + later).max();
                prop_assert_eq!(Some(one.changed), newest);
            }
        }
    }
}
