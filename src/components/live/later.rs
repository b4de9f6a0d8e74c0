//! What playing alone adds to the phone's scenes: how the room answered, and the way on.

use super::{
    shape::letter,
    share_chart::{Bar, ShareChart},
};
use crate::view::view;
use crate::{
    api::self_paced::{LaterTurn, StepSelfPaced},
    client::action::ServerAction,
    components::action_form::ActionForm,
    domain::live::{blitz::PlayerPhase, self_paced::RoomAnswers},
    words::self_paced::words,
};
use leptos::{html, prelude::*};

/// How the room answered the question that was just closed.
pub fn room(turn: &LaterTurn) -> Option<AnyView> {
    let RoomAnswers { answered, correct, distribution } = turn.room.clone()?;
    let PlayerPhase::Reveal { question, solution, .. } = &turn.view.phase else { return None };
    let bars: Vec<Bar> = question
        .options
        .iter()
        .zip(distribution)
        .enumerate()
        .map(|(i, (option, count))| {
            let right = solution.correct.iter().any(|option| usize::from(*option) == i);
            let share = u16::try_from(u64::from(count) * 1_000 / u64::from(answered.max(1))).unwrap_or(1_000);
            let mark = if right { "✓ " } else { "" };
            ([mark, &letter(i).to_string(), " ", &option.text].concat(), share, count.to_string(), right)
        })
        .collect();
    let words = words();
    Some(
        view! {
            <section class="stack stack-tight">
                <h2 class="panel-title">{words.room_chart}</h2>
                <p class="muted">{(words.room)(correct, answered)}</p>
                {(!bars.is_empty() && answered > 0).then(|| view! { <ShareChart label=words.room_chart bars=bars /> })}
            </section>
        }
        .into_any(),
    )
}

/// The one press that leads on. It has the focus, so that the keyboard goes from question to question.
#[component]
pub fn Onward(
    step: ServerAction<StepSelfPaced>,
    token: String,
    /// The revision on the screen.
    seen: u32,
    label: &'static str,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    Effect::new(move || {
        if let Some(button) = button.get() {
            // Fails only for an element outside the page.
            let _ = button.focus();
        }
    });
    view! {
        <ActionForm action=step attr:class="onward">
            <input type="hidden" name="token" value=token />
            <input type="hidden" name="seen" value=seen.to_string() />
            <button class="button button-primary button-large" node_ref=button disabled=move || step.pending().get()>
                {label}
            </button>
        </ActionForm>
    }
    .into_any()
}
