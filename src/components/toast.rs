//! Short notes at the lower edge, read out by screen readers, with a way to undo what was done.

use crate::view::view;
use crate::words::use_words;
use leptos::prelude::*;
use std::time::Duration;

/// Long enough to read it and to reach the undo button.
const STAYS: Duration = Duration::from_secs(8);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    undo: Option<Callback<()>>,
}

/// The notes of the page, by context from the frame.
#[derive(Clone, Copy, Default)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Says it. For handlers in the browser, not while rendering.
    pub fn say(self, text: impl Into<String>) {
        self.show(text.into(), None);
    }

    /// Says what was done and offers to undo it.
    pub fn say_with_undo(self, text: impl Into<String>, undo: Callback<()>) {
        self.show(text.into(), Some(undo));
    }

    fn show(self, text: String, undo: Option<Callback<()>>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|toasts| {
            // Three at once are enough to read.
            if toasts.len() == 3 {
                toasts.remove(0);
            }
            toasts.push(Toast { id, text, undo });
        });
        set_timeout(move || self.remove(id), STAYS);
    }

    fn remove(self, id: u32) {
        self.shown.try_update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

/// The notes of the page; outside the frame they are said to nobody.
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_default()
}

/// Where the notes appear. Once per page, always there, so that screen readers notice what comes.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let words = use_words();
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast">
                    <span>{toast.text}</span>
                    {toast
                        .undo
                        .map(|undo| {
                            view! {
                                <button
                                    class="button"
                                    type="button"
                                    on:click=move |_| {
                                        toasts.remove(toast.id);
                                        undo.run(());
                                    }
                                >
                                    {words.common.undo}
                                </button>
                            }
                        })}
                </div>
            </For>
        </div>
    }
}
