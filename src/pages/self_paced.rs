//! The teacher's page of a quiz that is over: the link to play it alone, its deadline, and who plays. The server writes
//! it as plain forms.

use crate::view::view;
use crate::{
    api::self_paced::{SelfPacedSetup, Setup},
    client::{
        load::{load_first, once},
        time,
    },
    components::{error_view::ErrorView, live::notice::Opening, suspended::suspended, suspense::Suspense},
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
    view! {
        <Title text=setup.title />
        <div class="stack stack-loose" on:input=|_| time::fit_zone() inner_html=setup.html></div>
    }
    .into_any()
}
