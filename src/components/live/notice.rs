//! A whole-page notice: nothing to show here, and the way on.

use crate::view::view;
use crate::{
    client::{
        connection::{Gone, State},
        socket::use_socket,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Notice(title: &'static str, text: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=title />
        <main id="main" class="page page-narrow">
            <section class="empty">
                <h1 class="title">{title}</h1>
                <p>{text}</p>
                <div class="row">{children()}</div>
            </section>
        </main>
    }
}

/// While the session is fetched.
#[component]
pub fn Opening() -> impl IntoView {
    view! {
        <main id="main" class="page page-narrow">
            <p class="muted" role="status">
                {use_words().live.loading}
            </p>
        </main>
    }
}

/// Leads to the join page.
#[component]
pub fn JoinLink(label: &'static str) -> impl IntoView {
    view! {
        <a class="button button-primary" href="/join">
            {label}
        </a>
    }
}

/// Stands in front of the page when the line will not come back by itself.
#[component]
pub fn ClosedNotice(#[prop(into)] line: Signal<State>) -> impl IntoView {
    let words = use_words();
    let socket = use_socket();
    let reason = Memo::new(move |_| if let State::Closed { reason } = line.get() { Some(reason) } else { None });
    move || {
        let reason = reason.get()?;
        let (title, text) = match reason {
            Gone::Replaced => (words.live.replaced_title, words.live.replaced_text),
            Gone::SignedOut => (words.live.signed_out_title, words.live.signed_out_text),
            Gone::Outdated => (words.live.outdated_title, words.live.outdated_text),
        };
        let action = match reason {
            Gone::Replaced => view! {
                <button type="button" class="button button-primary" on:click=move |_| socket.retry()>
                    {words.live.use_here}
                </button>
            }
            .into_any(),
            Gone::SignedOut => view! { <JoinLink label=words.live.join_title /> }.into_any(),
            Gone::Outdated => view! {
                <button type="button" class="button button-primary" on:click=move |_| reload()>
                    {words.live.reload}
                </button>
            }
            .into_any(),
        };
        Some(
            view! {
                <div class="closed-notice" role="alertdialog" aria-labelledby="closed-title">
                    <section class="empty panel">
                        <h2 id="closed-title">{title}</h2>
                        <p>{text}</p>
                        <div class="row">{action}</div>
                    </section>
                </div>
            }
            .into_any(),
        )
    }
}

fn reload() {
    // Only a page that is going away anyway can refuse.
    let _ = window().location().reload();
}
