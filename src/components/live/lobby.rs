//! The lobby on the projector: how to get in, and who is in.

use super::teams::TeamSizes;
use crate::view::view;
use crate::{
    client::live_session::LiveHost,
    components::icon::{Glyph, Icon},
    domain::live::{
        blitz::{Control, HostPlayer, LOBBY_NAMES},
        pin::Pin,
    },
    words::use_words,
};
use leptos::prelude::*;

/// Places in the grid. Whoever comes later takes the place of whoever came first, so nothing moves
/// and everybody sees the own name arrive.
const PLACES: usize = LOBBY_NAMES;

#[component]
pub fn Lobby(
    live: LiveHost,
    title: String,
    pin: Option<Pin>,
    /// Where to type the PIN, without scheme.
    join_address: String,
    /// Address of the QR code's picture.
    qr: String,
    #[prop(into)] players: Signal<Vec<HostPlayer>>,
) -> impl IntoView {
    let words = use_words();
    let count = Memo::new(move |_| live.view.with(|v| v.players));
    let locked = Memo::new(move |_| live.view.with(|v| v.locked));
    let shown = Memo::new(move |_| players.with(|all| places(all)));
    let grouped = pin.map(Pin::grouped).unwrap_or_default();
    let spoken = grouped.chars().filter(|c| !c.is_whitespace()).flat_map(|c| [c, ' ']).collect::<String>();
    let (first, second) = grouped.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default();
    view! {
        <header class="projector-head">
            <h1>{title}</h1>
            <p class="count-big" aria-live="off">{move || (words.live.players)(count.get())}</p>
        </header>
        <div class="projector-main">
            <div class="lobby">
                <section class="lobby-join">
                    <p class="lobby-address">{words.live.join_at} <br /> <strong>{join_address.clone()}</strong></p>
                    <div>
                        <p class="lobby-address">{words.live.join_pin}</p>
                        <p class="pin">
                            <span aria-hidden="true">{first}<span class="pin-gap"></span>{second}</span>
                            <span class="visually-hidden">{spoken}</span>
                        </p>
                    </div>
                    <p class="badge badge-warning" role="status" hidden=move || !locked.get()>
                        {words.live.locked}
                    </p>
                    <img class="qr" src=qr alt=(words.live.qr)(&join_address) />
                </section>
                <section>
                    <h2 class="visually-hidden">{words.live.players_title}</h2>
                    <TeamSizes teams=Signal::derive(move || live.view.with(|v| v.teams.clone())) />
                    <Show when=move || count.get() == 0>
                        <p class="lobby-address muted">{words.live.nobody_yet}</p>
                    </Show>
                    <ul class="lobby-names">
                        <For each=move || shown.get() key=|p| (p.participant, p.connected, p.team) let:player>
                            <li class:is-away=!player.connected>
                                <span>{player.name.clone()}</span>
                                {team_name(live, player.team).map(|team| view! { <span class="muted small">{team}</span> })}
                                {(!player.connected).then(|| view! { <span class="muted small">{words.live.away}</span> })}
                                <button
                                    type="button"
                                    class="button button-quiet button-icon needs-script"
                                    on:click=move |_| live.control(Control::Remove { participant: player.participant })
                                >
                                    <Icon glyph=Glyph::Cross />
                                    <span class="visually-hidden">{(words.live.take_out_of)(&player.name)}</span>
                                </button>
                            </li>
                        </For>
                    </ul>
                    <Show when=move || { count.get() > PLACES as u32 }>
                        <p class="muted">
                            {move || (words.live.more_players)(count.get().saturating_sub(PLACES as u32))}
                        </p>
                    </Show>
                </section>
            </div>
        </div>
    }
    .into_any()
}

/// The name of a team.
fn team_name(live: LiveHost, team: Option<u8>) -> Option<String> {
    let team = team?;
    live.view.with_untracked(|v| v.teams.iter().find(|row| row.team == team).map(|row| row.name.clone()))
}

/// Who stands in the grid: player `i` at place `i` modulo [`PLACES`].
fn places(all: &[HostPlayer]) -> Vec<HostPlayer> {
    let n = all.len();
    (0..n.min(PLACES)).filter_map(|place| all.get((n - 1 - place) / PLACES * PLACES + place).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ParticipantId;
    use uuid::Uuid;

    #[test]
    fn the_newest_replace_the_oldest_in_their_places() {
        for n in [0usize, 1, 7, PLACES, PLACES + 3, 1000] {
            let all: Vec<_> = (0..n)
                .map(|i| HostPlayer {
                    participant: ParticipantId(Uuid::from_u128(i as u128)),
                    name: i.to_string(),
                    connected: true,
                    team: None,
                })
                .collect();
            let shown: Vec<usize> = places(&all).iter().filter_map(|p| p.name.parse().ok()).collect();
            assert_eq!(shown.len(), n.min(PLACES));
            assert!(
                shown.iter().enumerate().all(|(place, i)| i % PLACES == place && i + PLACES >= n),
                "{n}: {shown:?}"
            );
        }
    }
}
