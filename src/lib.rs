//! Studyhall: the module list, the browser's entry point and the only feature gates.
//! Built twice: `ssr` for the server binary, `hydrate` for the browser.

// A page is one type; the projector's is nested deeper than the compiler's default of 128.
#![recursion_limit = "256"]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("build with either `ssr` (server) or `hydrate` (browser), never both");

pub mod api;
pub mod app;
pub mod client;
pub mod components;
pub mod domain;
pub mod pages;
pub mod protocol;
#[cfg(feature = "ssr")]
pub mod server;
mod view;
pub mod words;

/// Takes over the server-rendered page in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
