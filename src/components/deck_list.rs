//! Decks as panels that lead to them.

use crate::{
    client::time,
    components::relative_time::time_html,
    domain::{deck::DeckLine, text::html_escape},
    view::view,
    words::{Words, use_words},
};
use leptos::prelude::*;

/// The rows are one text, not elements of their own: nothing in them changes by itself, and fifty of them as elements
/// are a thousand boxed views and attributes. What they say is escaped in [`row`].
#[component]
pub fn DeckList(decks: Vec<DeckLine>) -> impl IntoView {
    let (words, now) = (use_words(), time::now());
    let mut html = String::with_capacity(decks.len() * 320);
    for deck in &decks {
        row(&mut html, deck, words, now);
    }
    view! { <div class="grid-cards" inner_html=html on:pointerover=|event| time::show_exact(&event)></div> }
}

/// Appends one deck's panel.
fn row(html: &mut String, deck: &DeckLine, words: &Words, now: Option<i64>) {
    let group = deck.group_name.as_deref().unwrap_or(words.deck.mine);
    html.push_str("<a href=\"/decks/");
    html.push_str(&deck.id.to_string());
    html.push_str("\" class=\"panel panel-link\"><h2 class=\"panel-title\">");
    html_escape(html, &deck.title);
    html.push_str("</h2><p class=\"muted\">");
    html_escape(html, &(words.deck.cards)(deck.cards));
    html.push_str(" · ");
    html_escape(html, group);
    html.push_str(" · ");
    time_html(html, deck.updated_at, now, words);
    html.push_str("</p></a>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::ids::DeckId, words::en};

    #[test]
    fn titles_and_groups_are_text_whatever_they_contain() {
        let deck = DeckLine {
            id: DeckId(uuid::Uuid::nil()),
            title: "</h2><script>alert(1)</script> & \"more\"".to_owned(),
            group: None,
            group_name: Some("<img src=x onerror='alert(2)'>".to_owned()),
            cards: 2,
            updated_at: 0,
        };
        let mut html = String::new();
        row(&mut html, &deck, &en::WORDS, Some(60_000));
        assert_eq!(
            html,
            "<a href=\"/decks/00000000-0000-0000-0000-000000000000\" class=\"panel panel-link\">\
             <h2 class=\"panel-title\">&lt;/h2&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;</h2>\
             <p class=\"muted\">2 cards · &lt;img src=x onerror=&#39;alert(2)&#39;&gt; · \
             <time datetime=\"1970-01-01T00:00:00Z\" title=\"1970-01-01T00:00:00Z\">1 min ago</time></p></a>"
        );
    }
}
