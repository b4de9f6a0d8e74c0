//! The card in the middle: front, answer on demand, and the way to the next.

use crate::view::view;
use crate::{
    client::study_room::Room,
    components::icon::{Glyph, Icon},
    domain::live::study_room::SharedCard,
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn Card(room: Room) -> impl IntoView {
    let words = use_words();
    let cards = room.view.with_untracked(|view| view.cards);
    let shown = Memo::new(move |_| room.card());
    let together = Memo::new(move |_| room.view.with(|view| view.rules.together));
    let turns = Memo::new(move |_| !together.get() || room.may_steer());
    let go = move |by: i64| {
        let index = i64::from(shown.get_untracked().index) + by;
        if let Ok(index) = u32::try_from(index)
            && index < cards
        {
            room.show(SharedCard { index, revealed: false });
        }
    };
    let turn = move |_| {
        let card = shown.get_untracked();
        room.show(SharedCard { revealed: !card.revealed, ..card });
    };
    let side = move |at: usize| {
        let index = shown.get().index;
        match room.sides(index) {
            Some(card) => match card.sides {
                Some(sides) => {
                    let html = sides.into_iter().nth(at).unwrap_or_default();
                    view! { <div class="prose room-side" inner_html=html></div> }.into_any()
                }
                None => view! { <p class="muted">{words.room.card_deleted}</p> }.into_any(),
            },
            None => view! { <p class="muted">{words.room.card_loading}</p> }.into_any(),
        }
    };
    view! {
        <section class="panel room-card" aria-label=move || (words.room.card_of)(shown.get().index + 1, cards)>
            <div class="spread">
                <strong class="number">{move || (words.room.card_of)(shown.get().index + 1, cards)}</strong>
                <span class="badge">{move || if together.get() { words.room.together } else { words.room.alone }}</span>
            </div>
            <div class="room-sides" aria-live="polite">
                {move || side(0)}
                {move || shown.get().revealed.then(|| view! { <hr /> {side(1)} })}
            </div>
            {move || {
                if turns.get() {
                    view! {
                        <div class="room-turn">
                            <button type="button" class="button" disabled=move || shown.get().index == 0 on:click=move |_| go(-1)>
                                <Icon glyph=Glyph::Left />
                                {words.room.previous}
                            </button>
                            <button type="button" class="button button-primary" on:click=turn>
                                {move || if shown.get().revealed { words.room.hide } else { words.room.reveal }}
                            </button>
                            <button
                                type="button"
                                class="button"
                                disabled=move || { shown.get().index + 1 >= cards }
                                on:click=move |_| go(1)
                            >
                                {words.room.next}
                                <Icon glyph=Glyph::Right />
                            </button>
                        </div>
                    }
                        .into_any()
                } else {
                    view! { <p class="muted small">{words.room.steered}</p> }.into_any()
                }
            }}
        </section>
    }
    .into_any()
}
