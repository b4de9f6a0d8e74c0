//! `view!` for all pages and components: Leptos' own with the type taken off. What holds, lists or switches views
//! is then compiled once, not for each kind of element; that is a large part of what a visitor downloads.

macro_rules! view {
    ($($tokens:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::view! { $($tokens)* }.into_inner())
    };
}
pub(crate) use view;
