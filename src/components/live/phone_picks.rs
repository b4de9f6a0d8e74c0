//! Picking several options, or all of them one after the other. Sent when one is done, not with the first tap.

use super::{
    question::RichText,
    shape::{Shape, class, letter},
};
use crate::view::view;
use crate::{
    client::{IN_BROWSER, live_session::LivePlayer},
    components::icon::{Glyph, Icon},
    domain::live::question::{Answer, Rich},
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn Picks(
    live: LivePlayer,
    index: u32,
    options: Vec<Rich>,
    /// In the order of the taps, and all of them.
    ordered: bool,
) -> impl IntoView {
    let words = use_words();
    let (path, about, id) = live.form();
    let all = options.len();
    let sent = Memo::new(move |_| match live.answer(index) {
        Some(Answer::Several(picked) | Answer::Order(picked)) => Some(picked),
        _ => None,
    });
    let picked = RwSignal::new(sent.get_untracked().unwrap_or_default());
    let closed = move || sent.get().is_some() && !live.may_change() || live.is_closed();
    let ready = move || picked.with(|p| if ordered { p.len() == all } else { !p.is_empty() });
    let toggle = move |option: u8| {
        picked.update(|picked| match picked.iter().position(|p| *p == option) {
            Some(at) => {
                picked.remove(at);
            }
            None => picked.push(option),
        });
    };
    let send = move || {
        let mut picked = picked.get_untracked();
        if ordered {
            live.submit(index, Answer::Order(picked));
        } else {
            picked.sort_unstable();
            live.submit(index, Answer::Several(picked));
        }
    };
    let buttons = (0u8..)
        .zip(options)
        .map(|(option, text)| {
            let i = usize::from(option);
            let place = move || picked.with(|picked| picked.iter().position(|p| *p == option));
            let mark = move || {
                let place = u32::try_from(place()? + 1).unwrap_or(0);
                Some(if ordered {
                    view! {
                        <strong class="pick-place">
                            <span aria-hidden="true">{place}</span>
                            <span class="visually-hidden">{(words.live.place)(place)}</span>
                        </strong>
                    }
                    .into_any()
                } else {
                    view! { <Icon glyph=Glyph::Check /> }.into_any()
                })
            };
            view! {
                <button
                    type="button"
                    class=format!("answer {}", class(i))
                    aria-pressed=move || if place().is_some() { "true" } else { "false" }
                    disabled=closed
                    on:click=move |_| toggle(option)
                >
                    <Shape index=i />
                    <span class="answer-letter">{letter(i).to_string()}</span>
                    <RichText rich=text class="answer-text" />
                    {mark}
                </button>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <form
            class="stack"
            method="post"
            action=path
            on:submit=move |event| {
                event.prevent_default();
                if ready() {
                    send();
                }
            }
        >
            <input type="hidden" name=about value=id />
            <input type="hidden" name="card_index" value=index.to_string() />
            <div class="answer-grid" role="group" aria-label=words.live.options>
                {buttons}
            </div>
            <label class="field without-script">
                {words.live.letters} <input class="input" name="text" autocomplete="off" />
            </label>
            <div class="row">
                <button class="button button-primary button-large" disabled=move || closed() || IN_BROWSER && !ready()>
                    {words.live.send}
                </button>
                {ordered
                    .then(|| {
                        view! {
                            <button type="button" class="button needs-script" disabled=closed on:click=move |_| picked.update(Vec::clear)>
                                {words.live.start_over}
                            </button>
                        }
                    })}
            </div>
        </form>
    }
    .into_any()
}
