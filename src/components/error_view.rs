//! An error that takes the place of a page's content: what is the matter and what to do now.

use super::icon::{Glyph, Icon};
use crate::view::view;
use crate::{api::error::AppError, words::use_words};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};

#[component]
pub fn ErrorView(error: AppError) -> impl IntoView {
    let words = use_words();
    let here = use_location().pathname;
    let action = match &error {
        AppError::SignInRequired => {
            let href = move || format!("/sign-in?next={}", here.get());
            view! {
                <A href=href attr:class="button button-primary">
                    {words.frame.sign_in}
                </A>
            }
            .into_any()
        }
        AppError::Unavailable | AppError::Internal { .. } | AppError::TooMany { .. } | AppError::Conflict => {
            // A load of the page, not a navigation: whatever went wrong in memory goes with it.
            view! {
                <a class="button button-primary" href=move || here.get() rel="external">
                    {words.common.try_again}
                </a>
            }
            .into_any()
        }
        _ => view! {
            <A href="/" attr:class="button">
                {words.common.to_home}
            </A>
        }
        .into_any(),
    };
    view! {
        <section class="empty" role="alert">
            <Icon glyph=Glyph::Alert />
            <h2>{(words.common.error_title)(&error)}</h2>
            <p>{(words.common.error)(&error)}</p>
            {action}
        </section>
    }
}
