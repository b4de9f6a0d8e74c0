//! Initials on a colour that stays the same for the same person.

use crate::view::view;
use leptos::prelude::*;
use uuid::Uuid;

const COLOURS: [&str; 6] = ["avatar-0", "avatar-1", "avatar-2", "avatar-3", "avatar-4", "avatar-5"];

/// Decorative: the name stands beside it or in the label of what contains it.
#[component]
pub fn Avatar(
    /// The person's id; only chooses the colour.
    #[prop(into)]
    seed: Uuid,
    name: String,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    // The last byte is random in a version 7 id.
    let colour = COLOURS[usize::from(seed.as_bytes()[15]) % COLOURS.len()];
    let class = format!("avatar {colour}{}", if large { " avatar-large" } else { "" });
    view! { <span class=class aria-hidden="true">{initials(&name)}</span> }
}

/// The first letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next().or_else(|| name.trim().chars().next());
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn of_all_kinds_of_names() {
        for (name, expected) in [
            ("Mina Okafor", "MO"),
            ("zoë", "Z"),
            ("Anna Maria von der Heide", "AH"),
            ("李小龍", "李"),
            ("🦊 Fox", "F"),
            ("🦊", "🦊"),
            ("  ", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
