//! Addresses in plain text, so that they can be tapped.

/// A piece of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// Begins with `http://` or `https://`.
    Link(&'a str),
}

/// The pieces of `text` in order; together they are the text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = vec![];
    let mut rest = text;
    let mut from = 0;
    while let Some(found) = rest[from..].find("http") {
        let start = from + found;
        let tail = &rest[start..];
        let after = if tail.starts_with("https://") {
            8
        } else if tail.starts_with("http://") {
            7
        } else {
            0
        };
        let begins = rest[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let link = address(tail);
        if after == 0 || !begins || link.len() <= after {
            from = start + 4;
            continue;
        }
        if start > 0 {
            out.push(Piece::Text(&rest[..start]));
        }
        out.push(Piece::Link(link));
        rest = &tail[link.len()..];
        from = 0;
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

/// Up to the next blank, without the sentence's own marks at the end.
fn address(tail: &str) -> &str {
    let end = tail.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(tail.len());
    let mut link = &tail[..end];
    while let Some(last) = link.chars().next_back() {
        let mark = matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '”' | '’');
        if mark || (last == ')' && !link.contains('(')) {
            link = &link[..link.len() - last.len_utf8()];
        } else {
            break;
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_found_and_the_sentence_around_them_is_not() {
        use Piece::{Link, Text};
        for (text, expected) in [
            ("no link", vec![Text("no link")]),
            ("", vec![]),
            ("https://a.test", vec![Link("https://a.test")]),
            ("see https://a.test/x?y=1.", vec![Text("see "), Link("https://a.test/x?y=1"), Text(".")]),
            ("(http://a.test/b)", vec![Text("("), Link("http://a.test/b"), Text(")")]),
            ("https://a.test/b_(c)", vec![Link("https://a.test/b_(c)")]),
            ("xhttps://a.test https:// http", vec![Text("xhttps://a.test https:// http")]),
            ("javascript:alert(1)", vec![Text("javascript:alert(1)")]),
            ("https://a.test\nhttps://b.test", vec![Link("https://a.test"), Text("\n"), Link("https://b.test")]),
        ] {
            assert_eq!(pieces(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_link_is_one(text in "(\\PC|https?://|[ .)\n]){0,30}") {
            let found = pieces(&text);
            let joined: String = found.iter().map(|p| match p { Piece::Text(t) | Piece::Link(t) => *t }).collect();
            prop_assert_eq!(&joined, &text);
            for piece in found {
                if let Piece::Link(link) = piece {
                    prop_assert!(link.starts_with("http://") || link.starts_with("https://"));
                    prop_assert!(!link.contains(char::is_whitespace));
                }
            }
        }
    }
}
