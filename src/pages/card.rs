//! One card: its text with a preview, its pictures, its place in the deck. Who may only read sees it as it is.

use crate::view::view;
use crate::{
    api::{
        cards::{CardView, EditCard, GetCard, MoveCard, RenderMarkdown},
        decks::{DeckView, GetDeck},
    },
    client::{
        IN_BROWSER,
        action::ServerAction,
        browser,
        load::{load_first, once},
        presence::use_activity,
    },
    components::{
        action_form::ActionForm,
        copy_button::CopyButton,
        error_view::ErrorView,
        field::{Field, FormError},
        icon::{Glyph, Icon},
        page_title::PageTitle,
        skeleton::SkeletonList,
        suspended::suspended2,
        suspense::Suspense,
        text_area::TextArea,
        toast::use_toasts,
    },
    domain::{
        ids::{CardId, DeckId, ImageId},
        presence::Activity,
    },
    words::use_words,
};
use leptos::{ev, prelude::*};
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

/// The id of the card's form.
const FORM: &str = "edit";

#[component]
pub fn Card() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let id = move || params.read().get("deck")?.parse::<DeckId>().ok();
    let kept = move || query.read().get("kept").and_then(|kept| kept.parse().ok());
    let deck = load_first(once, move || Some(GetDeck { deck: id()? }));
    let card = load_first(once, move || {
        Some(GetCard { deck: id()?, card: params.read().get("card")?.parse().ok()?, kept: kept() })
    });
    view! {
        <main id="main" class="page">
            <Suspense fallback=|| view! { <SkeletonList /> }>
                {suspended2(deck, card, move |deck, card| {
                    match (deck, card) {
                        (Ok(deck), Ok(card)) => view! { <Found deck=deck card=card /> }.into_any(),
                        (Err(error), _) | (_, Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn Found(deck: DeckView, card: CardView) -> impl IntoView {
    let words = use_words();
    let id = deck.access.deck;
    let title = if deck.access.can_edit { words.deck.card_title } else { words.deck.front };
    let (card_id, place) = (card.card.id, card.place);
    use_activity(Activity::Studying(id));
    let source = card.source.clone().map(|title| view! { <p class="muted">{words.deck.taken_from} " " {title}</p> });
    view! {
        <PageTitle title=title subtitle=deck.access.title.clone()>
            <A href=format!("/decks/{id}") attr:class="button">
                <Icon glyph=Glyph::Left />
                {words.deck.to_deck}
            </A>
        </PageTitle>
        {source}
        {if deck.access.can_edit {
            view! {
                <div class="stack stack-loose">
                    <Edit deck=deck card=card />
                    <Images deck=id card=card_id />
                    <Place deck=id card=card_id place=place />
                </div>
            }
                .into_any()
        } else {
            view! {
                <section class="panel stack">
                    <div class="prose" inner_html=card.front></div>
                    <hr />
                    <div class="prose" inner_html=card.back></div>
                    <div class="prose muted" inner_html=card.explanation></div>
                </section>
            }
                .into_any()
        }}
    }
}

#[component]
fn Edit(deck: DeckView, card: CardView) -> impl IntoView {
    let words = use_words();
    let id = deck.access.deck;
    let action = ServerAction::<EditCard>::new();
    let error = action.error();
    let (front, back) = (Preview::new(card.front), Preview::new(card.back));
    let text = card.card.text;
    let chosen = card.card.category_id;
    let card_id = card.card.id;
    view! {
        <ActionForm action=action attr:id=FORM attr:class="form">
            <FormError error=error />
            <input type="hidden" name="deck" value=id.to_string() />
            <input type="hidden" name="card" value=card_id.to_string() />
            <TextArea
                label=words.deck.front
                name="front"
                value=text.front
                note=words.deck.markdown_note
                required=true
                error=error
                on_input=front.typed
            />
            {front.show()}
            <TextArea label=words.deck.back name="back" value=text.back required=true error=error on_input=back.typed />
            {back.show()}
            <Field
                label=words.deck.tags
                name="tags"
                value=text.tags.join(" ")
                note=words.deck.tags_note
                required=false
                error=error
            />
            <div class="field">
                <label for="category">{words.deck.category}</label>
                <select class="select" id="category" name="category">
                    <option value="">{words.deck.no_category}</option>
                    {deck
                        .categories
                        .into_iter()
                        .map(|category| {
                            let selected = Some(category.id) == chosen;
                            view! {
                                <option value=category.id.to_string() selected=selected>
                                    {category.name}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <TextArea label=words.deck.hint name="hint" value=text.hint note=words.deck.hint_note rows=2 error=error />
            <TextArea
                label=words.deck.explanation
                name="explanation"
                value=text.explanation
                note=words.deck.explanation_note
                error=error
            />
            <TextArea
                label=words.deck.aliases
                name="aliases"
                value=text.aliases.join("\n")
                note=words.deck.aliases_note
                rows=2
                error=error
            />
            <div>
                <button class="button button-primary" disabled=move || action.pending().get()>
                    {words.common.save}
                </button>
            </div>
        </ActionForm>
    }
}

/// Shows what a text will look like, as it is typed.
#[derive(Clone, Copy)]
struct Preview {
    typed: Callback<String>,
    html: Signal<String>,
}

impl Preview {
    /// `saved` is the safe HTML of what is stored.
    fn new(saved: String) -> Self {
        let render = ServerAction::<RenderMarkdown>::new();
        // Must stay on its thread. On the server nobody types, and a page goes from thread to thread.
        let later = IN_BROWSER.then(|| {
            let mut later = debounce(std::time::Duration::from_millis(300), move |text: String| {
                render.dispatch(RenderMarkdown { text });
            });
            StoredValue::new_local(move |text: String| later(text))
        });
        let typed = Callback::new(move |text: String| {
            if let Some(later) = later {
                later.try_update_value(|later| later(text));
            }
        });
        let html = Signal::derive(move || match render.value().get() {
            Some(Ok(html)) => html,
            _ => saved.clone(),
        });
        Self { typed, html }
    }

    fn show(self) -> impl IntoView {
        let words = use_words();
        view! {
            <div class="panel">
                <p class="muted small">{words.deck.preview}</p>
                <div class="prose" inner_html=self.html></div>
            </div>
        }
    }
}

/// Uploads a picture, then shows what to write to use it. Its parts belong to the card's form, so that what is typed
/// there goes along and comes back.
#[component]
fn Images(deck: DeckId, card: CardId) -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let uploaded = move || query.read().get("image");
    let to = format!("/decks/{deck}/images");
    let action = to.clone();
    let upload = move |event: ev::MouseEvent| {
        event.prevent_default();
        browser::send_form(FORM, &to);
    };
    view! {
        <section class="panel stack" id="images">
            <h2 class="panel-title">{words.deck.image_title}</h2>
            {move || {
                uploaded()
                    .map(|image| match image.parse::<ImageId>() {
                        Ok(image) => {
                            let markdown = format!("![](/images/{image})");
                            view! {
                                <div class="notice notice-positive stack" role="status">
                                    <p>{words.deck.image_ready}</p>
                                    <div class="row">
                                        <code>{markdown.clone()}</code>
                                        <CopyButton text=markdown />
                                    </div>
                                </div>
                            }
                                .into_any()
                        }
                        Err(_) => view! { <p class="form-error" role="alert">{words.deck.image_refused}</p> }.into_any(),
                    })
            }}
            <div class="form">
                <input type="hidden" form=FORM name="next" value=format!("/decks/{deck}/cards/{card}") />
                <div class="field">
                    <label for="image">{words.deck.image}</label>
                    <p class="field-note">{words.deck.image_note}</p>
                    <input
                        class="input-file"
                        type="file"
                        id="image"
                        name="image"
                        form=FORM
                        accept="image/png,image/jpeg,image/gif,image/webp"
                    />
                </div>
                <div>
                    <button
                        class="button"
                        form=FORM
                        formaction=action
                        formmethod="post"
                        formenctype="multipart/form-data"
                        formnovalidate=true
                        on:click=upload
                    >
                        <Icon glyph=Glyph::Image />
                        {words.deck.image_upload}
                    </button>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Place(deck: DeckId, card: CardId, place: i64) -> impl IntoView {
    let words = use_words();
    let toasts = use_toasts();
    let action = ServerAction::<MoveCard>::new();
    let error = action.error();
    Effect::new(move |_| {
        if let Some(Ok(())) = action.value().get() {
            toasts.say(words.deck.moved);
        }
    });
    view! {
        <ActionForm action=action attr:class="panel form">
            <FormError error=error />
            <input type="hidden" name="deck" value=deck.to_string() />
            <input type="hidden" name="card" value=card.to_string() />
            <Field
                label=words.deck.place
                name="place"
                kind="number"
                value=place.to_string()
                note=words.deck.place_note
                error=error
            />
            <div>
                <button class="button">{words.deck.move_card}</button>
            </div>
        </ActionForm>
    }
}
