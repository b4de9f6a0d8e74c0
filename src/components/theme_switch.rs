//! Light, dark, or as the system has it: shown at once, remembered by the server for the next page.

use super::{
    action_form::ActionForm,
    icon::{Glyph, Icon},
    menu::Menu,
};
use crate::view::view;
use crate::{
    api::theme::SetTheme,
    client::{self, action::ServerAction},
    domain::theme::Theme,
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let words = use_words();
    let set_theme = ServerAction::<SetTheme>::new();
    let (chosen, choose) = signal(client::theme::current());
    let item = move |theme: Option<Theme>, glyph: Glyph, label: &'static str| {
        view! {
            <button
                class="menu-item"
                name="theme"
                value=theme.map_or("system", Theme::as_str)
                aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                on:click=move |_| {
                    client::theme::apply(theme);
                    choose.set(theme);
                }
            >
                <Icon glyph=glyph />
                <span>{label}</span>
            </button>
        }
    };
    view! {
        <Menu label=words.frame.theme face=|| view! { <Icon glyph=Glyph::SunMoon /> }>
            <ActionForm action=set_theme>
                {item(None, Glyph::SunMoon, words.frame.theme_system)} {item(Some(Theme::Light), Glyph::Sun, words.frame.theme_light)}
                {item(Some(Theme::Dark), Glyph::Moon, words.frame.theme_dark)}
            </ActionForm>
        </Menu>
    }
}
