//! Answering on the phone: big options in thumb reach, or a field to type in. A tap counts at once.

use super::{
    question::RichText,
    shape::{Shape, class, letter},
};
use crate::view::view;
use crate::{
    client::live_session::LivePlayer,
    components::icon::{Glyph, Icon},
    domain::live::question::{Answer, MAX_TYPED_ANSWER, Rich},
    words::use_words,
};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys};

/// The options as buttons of one form, so that they work before and without JavaScript.
#[component]
pub fn Choices(live: LivePlayer, index: u32, options: Vec<Rich>) -> impl IntoView {
    let words = use_words();
    let (path, about, id) = live.form();
    let chosen = Memo::new(move |_| match live.answer(index) {
        Some(Answer::Choice(choice)) => Some(choice),
        _ => None,
    });
    let count = options.len();
    use_keys(move |choice| {
        if usize::from(choice) < count {
            live.submit(index, Answer::Choice(choice));
        }
    });
    let buttons = (0u8..)
        .zip(options)
        .map(|(choice, option)| {
            let i = usize::from(choice);
            let is_chosen = move || chosen.get() == Some(choice);
            view! {
                <button
                    class=format!("answer {}", class(i))
                    class:is-chosen=is_chosen
                    class:is-faded=move || chosen.get().is_some_and(|c| c != choice)
                    name="choice"
                    value=choice.to_string()
                    aria-pressed=move || if is_chosen() { "true" } else { "false" }
                    disabled=move || chosen.get().is_some() && !live.may_change() || live.is_closed()
                    on:click=move |event| {
                        event.prevent_default();
                        live.submit(index, Answer::Choice(choice));
                    }
                >
                    <Shape index=i />
                    <span class="answer-letter">{letter(i).to_string()}</span>
                    <RichText rich=option class="answer-text" />
                    {move || is_chosen().then(|| view! { <Icon glyph=Glyph::Check /> })}
                </button>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <form class="answer-grid" method="post" action=path aria-label=words.live.options>
            <input type="hidden" name=about value=id />
            <input type="hidden" name="card_index" value=index.to_string() />
            {buttons}
        </form>
    }
    .into_any()
}

/// A typed answer.
#[component]
pub fn TypedAnswer(
    live: LivePlayer,
    index: u32,
    /// A number: phones show their digits.
    number: bool,
) -> impl IntoView {
    let words = use_words();
    let (path, about, id) = live.form();
    let field = NodeRef::<html::Input>::new();
    let given = Memo::new(move |_| match live.answer(index) {
        Some(Answer::Text(text)) => Some(text),
        _ => None,
    });
    Effect::new(move || {
        if let Some(field) = field.get() {
            // Fails only for an element outside the page.
            let _ = field.focus();
        }
    });
    view! {
        <form
            class="stack typed-answer"
            method="post"
            action=path
            on:submit=move |event| {
                event.prevent_default();
                let text = field.get_untracked().map(|f| f.value()).unwrap_or_default();
                if !text.trim().is_empty() {
                    live.submit(index, Answer::Text(text));
                }
            }
        >
            <input type="hidden" name=about value=id />
            <input type="hidden" name="card_index" value=index.to_string() />
            <div class="field">
                <label for="text">{words.live.your_answer}</label>
                <input
                    class="input input-large"
                    id="text"
                    name="text"
                    node_ref=field
                    value=given.get_untracked().unwrap_or_default()
                    maxlength=MAX_TYPED_ANSWER.to_string()
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="send"
                    inputmode=if number { "decimal" } else { "text" }
                    required
                    disabled=move || given.get().is_some() && !live.may_change() || live.is_closed()
                />
            </div>
            <button class="button button-primary button-large" disabled=move || given.get().is_some() && !live.may_change() || live.is_closed()>
                {words.live.send}
            </button>
        </form>
    }
    .into_any()
}

/// 1–6 and A–F choose, as on the projector.
fn use_keys(choose: impl Fn(u8) + Copy + 'static) {
    Effect::new(move || {
        let handle = window_event_listener(ev::keydown, move |event| {
            let typing = event
                .target()
                .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
                .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
            if typing || event.repeat() || event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            if let [key] = event.key().as_bytes()
                && let Some(choice) = match key.to_ascii_lowercase() {
                    key @ b'1'..=b'6' => Some(key - b'1'),
                    key @ b'a'..=b'f' => Some(key - b'a'),
                    _ => None,
                }
            {
                event.prevent_default();
                choose(choice);
            }
        });
        on_cleanup(move || handle.remove());
    });
}
