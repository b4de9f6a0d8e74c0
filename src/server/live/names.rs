//! Whether a name may stand on a projector in front of a class.

use rustrict::{CensorStr, Type};

/// First names and surnames in Latin, Greek and Cyrillic letters, lower case, in the order of their bytes, one a line.
/// The filter takes one in eighty of them for something else: Kumar, Hoffmann, Philipp.
static REAL_NAMES: &str = include_str!("real_names.txt");

/// Insults, obscenities and slurs, also spelled with digits and signs. Never what consists of real names alone:
/// somebody is called so.
pub fn is_profane(name: &str) -> bool {
    // A number of its own is not a letter in disguise: "Player 455" is fine. And the filter knows no other scripts,
    // but takes their letters for Latin ones that they look like.
    let judged = |word: &&str| !word.chars().all(|c| c.is_ascii_digit()) && word.chars().any(is_known_script);
    let words: Vec<&str> = name.split(' ').filter(judged).collect();
    // "Dijkstra" is nothing else beside any word; "Dick" is a name beside other names only.
    let others = || words.iter().copied().filter(|word| !is_long_name(word)).collect::<Vec<_>>();
    is_refused(&words) && is_refused(&others()) && !are_real_names(&words)
}

fn is_refused(words: &[&str]) -> bool {
    words.join(" ").is((Type::PROFANE | Type::OFFENSIVE | Type::SEXUAL) & Type::MODERATE_OR_HIGHER)
}

fn is_long_name(word: &str) -> bool {
    word.chars().count() > 4 && are_real_names(&[word])
}

/// Whether all words are real names or initials, and at least one a name.
fn are_real_names(words: &[&str]) -> bool {
    let mut parts = words
        .iter()
        .flat_map(|word| word.split('-'))
        .map(|part| part.trim_matches(['.', ',', '\'', '’']).to_lowercase())
        .filter(|part| part.chars().count() > 1)
        .peekable();
    parts.peek().is_some() && parts.all(|part| is_real_name(&part))
}

/// Binary search for a line.
fn is_real_name(name: &str) -> bool {
    let mut rest = REAL_NAMES;
    while !rest.is_empty() {
        let middle = rest.floor_char_boundary(rest.len() / 2);
        let start = rest[..middle].rfind('\n').map_or(0, |end| end + 1);
        let end = rest[start..].find('\n').map_or(rest.len(), |length| start + length);
        match rest[start..end].cmp(name) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => rest = rest.get(end + 1..).unwrap_or_default(),
            std::cmp::Ordering::Greater => rest = &rest[..start],
        }
    }
    false
}

/// Latin, Greek and Cyrillic letters and their styled forms, digits and signs; not the letters of other scripts.
fn is_known_script(c: char) -> bool {
    matches!(c, '\0'..='\u{52F}' | '\u{1D00}'..='\u{1DBF}' | '\u{1E00}'..='\u{1FFF}' | '\u{2070}'..='\u{2BFF}'
        | '\u{A720}'..='\u{A7FF}' | '\u{FF00}'..='\u{FF5A}' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F100}'..='\u{1F1FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_names_are_names() {
        for n in 1..=1_000 {
            assert!(!is_profane(&format!("Player {n}")), "{n}");
        }
    }

    #[test]
    fn every_real_name_may_be_shown() {
        let mut before = "";
        for name in REAL_NAMES.lines() {
            assert!(before < name, "{before} and {name} are not in order");
            let shown: String = name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
            assert!(!is_profane(&shown) && !is_profane(&format!("{shown} B.")), "{shown}");
            before = name;
        }
    }

    #[test]
    fn people_of_many_languages_may_play() {
        for name in [
            "Analise",
            "Anna Lisa",
            "Anna-Lena Hoffmann",
            "Philipp Fuchs",
            "Dick Cockburn",
            "Dick van Dyke",
            "Dick K.",
            "Alfred Hitchcock",
            "Shital Kumar",
            "Ravi Dikshit",
            "Harshit Rakshit",
            "Nguyễn Phúc",
            "Phuc Nguyen",
            "Ho Minh",
            "Bich Ngoc",
            "Nasir Nasim",
            "Nazir Mahboob",
            "Titus",
            "Assunta Montecchi",
            "Bob Hoskins",
            "E. E. Cummings",
            "Edsger Dijkstra",
            "Emily Dickinson",
            "Charles Dickens",
            "Benedict Cumberbatch",
            "Julian Assange",
            "Cockcroft",
            "Adolf Loos",
            "Willy",
            "Fanny",
            "Randy",
            "Wang Wei",
            "Arsène",
            "Sexton",
            "Kuntz",
            "Lipschitz",
            "Assad Butt",
            "Njeri Wanjiku",
            "Njoroge",
            "Siyabonga",
            "Kikelomo",
            "Niggli",
            "Nygren",
            "Kokkonen",
            "Sadik",
            "Semenov",
            "Scunthorpe Anna",
            "Sussex",
            "Cassandra",
            "Mina",
            "Ahmed",
            "Mohammed",
            "李小龍",
            "ნათელა ჭანტურია",
            "อุลหัสสา",
            "Շուշան",
            "Τίτος",
            "Семён Семёнов",
            "Łukasz",
            "Žižek",
            "Jesús",
            "Ángel Cano",
            "O'Houlihan",
            "MacPherson-Hancock",
            "Ana L.",
            "Pushpa",
            "Sukhdeep",
            "Gaylord",
            "Mike Hunt's sister",
            "Jack",
            "Jaak Sepp",
            "Raudsepp",
            "Puusepp",
        ] {
            assert!(!is_profane(name), "{name}");
        }
    }

    #[test]
    fn insults_are_refused() {
        for bad in [
            "fuck",
            "F u c k you",
            "F U C K",
            "sh1t head",
            "fuсk",
            "Big Dick",
            "Small Dick",
            "Suck my Dick",
            "Dick Head",
            "dickhead",
            "d1ck",
            "Cock",
            "c0ck",
            "Cunt",
            "bitch",
            "Son of a bitch",
            "whore",
            "Nazi",
            "nigger",
            "n1gger",
            "faggot",
            "asshole",
            "Ass Hole",
            "motherfucker",
            "slut",
            "wanker",
            "tits",
            "penis",
            "porn",
            "Fuck Anna",
            "Anna Fuck",
            "Hitler was right bitch",
            "ｆｕｃｋ",
            "𝐟𝐮𝐜𝐤",
            "f.u.c.k",
            "A N A L",
        ] {
            assert!(is_profane(bad), "{bad}");
        }
    }
}
