//! Teams on the projector and on the phone: who is in which, picking one, and how they stand.

use super::{leaderboard::Leaderboard, podium::Podium};
use crate::view::view;
use crate::{
    api::live::ChooseLiveTeam,
    client::{action::ServerAction, live_session::LivePlayer},
    components::action_form::ActionForm,
    domain::{
        ids::LiveSessionId,
        live::blitz::{TeamRow, TeamView},
    },
    words::use_words,
};
use leptos::prelude::*;

/// For the lobby on the projector: each team and how many are in it.
#[component]
pub fn TeamSizes(#[prop(into)] teams: Signal<Vec<TeamRow>>) -> impl IntoView {
    let words = use_words();
    let sizes = move || {
        let mut teams = teams.get();
        teams.sort_by_key(|team| team.team);
        let size = |team: TeamRow| view! { <li class="badge">{(words.live.team_size)(&team.name, team.members)}</li> };
        teams.into_iter().map(size).collect_view()
    };
    view! {
        <ul class="row team-sizes" aria-label=words.live.teams>
            {sizes}
        </ul>
    }
    .into_any()
}

/// For the lobby on the phone: one's team, and the others while one may pick.
#[component]
pub fn TeamPick(live: LivePlayer, session: LiveSessionId) -> impl IntoView {
    let words = use_words();
    let choose = ServerAction::<ChooseLiveTeam>::new();
    let team = Memo::new(move |_| live.view.with(|v| v.team.clone()));
    let names = move || {
        let TeamView { mine, may_choose, rows } = team.get()?;
        if !may_choose {
            let name = rows.into_iter().find(|row| Some(row.team) == mine)?.name;
            return Some(view! { <p class="rank">{(words.live.your_team)(&name)}</p> }.into_any());
        }
        let pick = move |row: TeamRow| {
            let chosen = mine == Some(row.team);
            view! {
                <button
                    class="button button-large"
                    class:button-primary=chosen
                    name="team"
                    value=row.team.to_string()
                    aria-pressed=if chosen { "true" } else { "false" }
                >
                    {row.name}
                </button>
            }
        };
        let form = view! {
            <ActionForm action=choose>
                <input type="hidden" name="session" value=session.to_string() />
                <fieldset class="stack">
                    <legend>{words.live.pick_team}</legend>
                    {rows.into_iter().map(pick).collect_view()}
                </fieldset>
            </ActionForm>
        };
        Some(form.into_any())
    };
    view! { <div class="team-pick">{names}</div> }.into_any()
}

/// How the teams stand.
pub fn team_board(teams: &[TeamRow], mine: Option<u8>) -> AnyView {
    let rows = teams.iter().map(TeamRow::as_row).collect();
    view! { <Leaderboard rows=rows me=mine.map(TeamRow::id) /> }.into_any()
}

/// The three best teams.
pub fn team_podium(teams: &[TeamRow]) -> AnyView {
    let rows = teams.iter().map(|team| team.as_row().standing).filter(|row| row.rank <= 3).collect();
    view! { <Podium rows=rows /> }.into_any()
}
