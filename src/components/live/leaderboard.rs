//! The first rows of the standings; they slide to where they are now.

use crate::view::view;
use crate::{
    components::icon::{Glyph, Icon},
    domain::{ids::ParticipantId, live::blitz::LeaderboardRow},
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn Leaderboard(rows: Vec<LeaderboardRow>, #[prop(default = None)] me: Option<ParticipantId>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <Row row=row me=me /> }.into_any()).collect_view();
    view! { <ol class="leaderboard">{rows}</ol> }
}

#[component]
fn Row(row: LeaderboardRow, me: Option<ParticipantId>) -> impl IntoView {
    let words = use_words();
    let LeaderboardRow { standing, change } = row;
    let is_me = me == Some(standing.participant);
    // A row that came from far below starts just under the list.
    let from = change.clamp(-5, 5).to_string();
    let glyph = if change > 0 { Glyph::ArrowUp } else { Glyph::ArrowDown };
    view! {
        <li class="leaderboard-row" class:is-me=is_me style=("--from", from)>
            <span class="leaderboard-rank">{standing.rank}</span>
            <span class="leaderboard-name">{standing.name}</span>
            <span class="leaderboard-change" class:is-up=change.is_positive() class:is-down=change.is_negative()>
                {(change != 0)
                    .then(|| {
                        view! {
                            <Icon glyph=glyph />
                            <span aria-hidden="true">{change.unsigned_abs()}</span>
                        }
                    })}
                <span class="visually-hidden">{(words.live.moved)(change)}</span>
            </span>
            <span class="leaderboard-score">{(words.live.points)(standing.score)}</span>
        </li>
    }
}
