//! Who stands at the door and waits for the host to be let in.

use crate::view::view;
use crate::{
    api::live::ControlLiveSession,
    client::live_session::LiveHost,
    domain::{ids::ParticipantId, live::blitz::Control},
    words::use_words,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Nothing while nobody waits.
#[component]
pub fn Door(live: LiveHost) -> impl IntoView {
    let words = use_words();
    let waiting = Memo::new(move |_| live.view.with(|v| (v.at_the_door, v.waiting.clone())));
    move || {
        let (count, names) = waiting.get();
        (count > 0).then(|| {
            let rows = names
                .into_iter()
                .map(|player| {
                    let id = player.participant;
                    view! {
                        <li class="row">
                            <strong>{player.name}</strong>
                            {action(live, "admit", Some(id), Control::Admit { participant: id }, words.live.let_in)}
                            {action(live, "remove", Some(id), Control::Remove { participant: id }, words.live.send_away)}
                        </li>
                    }
                })
                .collect_view();
            view! {
                <section class="door" aria-labelledby="door-title">
                    <div class="row">
                        <h2 id="door-title" class="panel-title">{(words.live.at_the_door)(count)}</h2>
                        {action(live, "admit_all", None, Control::AdmitAll, words.live.let_all_in)}
                        {(count > 1).then(|| action(live, "remove_all", None, Control::RemoveAll, words.live.send_all_away))}
                    </div>
                    <ul class="door-names">{rows}</ul>
                </section>
            }
            .into_any()
        })
    }
}

/// A form with one button.
pub fn action(
    live: LiveHost,
    name: &'static str,
    participant: Option<ParticipantId>,
    control: Control,
    label: &'static str,
) -> AnyView {
    let (session, seen) = live.form_fields();
    view! {
        <form
            method="post"
            action=ControlLiveSession::PATH
            on:submit=move |event| {
                event.prevent_default();
                live.control(control);
            }
        >
            <input type="hidden" name="session" value=session />
            <input type="hidden" name="seen" value=seen />
            {participant.map(|id| view! { <input type="hidden" name="participant" value=id.to_string() /> })}
            <button class="button" name="action" value=name>
                {label}
            </button>
        </form>
    }
    .into_any()
}
