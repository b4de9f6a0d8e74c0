//! What has just happened to the deck's cards, and the way to undo it: as a bar after a form without JavaScript
//! or an import, as a note at the edge otherwise.

use super::Actions;
use crate::view::view;
use crate::{
    api::cards::RestoreCards,
    components::{action_form::ActionForm, toast::use_toasts},
    domain::ids::{DeckId, DeletionId, ImportId},
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub(super) fn Notices(deck: DeckId, actions: Actions) -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let toasts = use_toasts();
    Effect::new(move |_| {
        let Some(Ok(done)) = actions.change.value().get() else { return };
        match done.deletion {
            Some(deletion) => {
                let undo = Callback::new(move |()| {
                    actions.restore.dispatch(RestoreCards { deck, deletion });
                });
                toasts.say_with_undo((words.deck.deleted_cards)(done.cards), undo);
            }
            None => toasts.say((words.deck.changed_cards)(done.cards)),
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(cards)) = actions.restore.value().get() {
            toasts.say((words.deck.restored_cards)(cards));
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(cards)) = actions.undo_import.value().get() {
            toasts.say((words.deck.deleted_cards)(cards));
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = actions.move_card.value().get() {
            toasts.say(words.deck.moved);
        }
    });
    let count = move || query.read().get("count").and_then(|count| count.parse::<u64>().ok()).unwrap_or(0);
    view! {
        {move || {
            let deletion = query.read().get("deleted")?.parse::<DeletionId>().ok()?;
            Some(
                view! {
                    <div class="notice row spread" role="status">
                        <span>{(words.deck.deleted_cards)(count())}</span>
                        <ActionForm action=actions.restore>
                            <input type="hidden" name="deck" value=deck.to_string() />
                            <input type="hidden" name="deletion" value=deletion.to_string() />
                            <button class="button">{words.common.undo}</button>
                        </ActionForm>
                    </div>
                },
            )
        }}
        {move || {
            let import = query.read().get("imported")?.parse::<ImportId>().ok()?;
            Some(
                view! {
                    <div class="notice notice-positive row spread" role="status">
                        <span>{(words.deck.imported_cards)(count())}</span>
                        {(count() > 0)
                            .then(|| {
                                view! {
                                    <ActionForm action=actions.undo_import>
                                        <input type="hidden" name="import" value=import.to_string() />
                                        <button class="button">{words.deck.import_undo}</button>
                                    </ActionForm>
                                }
                            })}
                    </div>
                },
            )
        }}
    }
}
