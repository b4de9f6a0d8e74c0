//! The teacher's page of a quiz that is over: the link to play it alone, its deadline, and who plays. All but the button
//! that copies the link is written by the server, as plain forms.

use crate::view::view;
use crate::{
    api::self_paced::{SelfPacedSetup, Setup},
    client::{
        load::{load_first, once},
        time,
    },
    components::{
        copy_button::CopyButton, error_view::ErrorView, live::notice::Opening, suspended::suspended, suspense::Suspense,
    },
    pages::live_play::use_session,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SelfPaced() -> impl IntoView {
    let session = use_session();
    let setup = load_first(once, move || Some(SelfPacedSetup { session: session()? }));
    view! {
        <main id="main" class="page page-narrow">
            <Suspense fallback=Opening>
                {suspended(setup, move |setup| {
                    match setup {
                        Ok(setup) => found(setup),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
    .into_any()
}

fn found(setup: Setup) -> AnyView {
    Effect::new(time::localise);
    let Setup { title, head, link, way_in, html } = setup;
    let way_in = link.map(|link| {
        view! {
            <section class="panel">
                <div class="stack" inner_html=way_in></div>
                <div class="row">
                    <CopyButton text=link />
                </div>
            </section>
        }
    });
    view! {
        <Title text=title />
        <div class="stack stack-loose" on:input=|_| time::fit_zone()>
            <div class="stack stack-loose" inner_html=head></div>
            {way_in}
            <div class="stack stack-loose" inner_html=html></div>
        </div>
    }
    .into_any()
}
