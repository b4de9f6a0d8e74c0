//! What time it is for the reader, and how their browser writes it.

use crate::domain::time::{minute, parse_minute};
use js_sys::Date;
use leptos::{
    ev::PointerEvent,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlInputElement, window},
};

/// Unix milliseconds by the browser's clock.
pub fn now() -> Option<i64> {
    // Whole milliseconds of this age fit.
    Some(js_sys::Date::now() as i64)
}

/// Writes the page's `<time data-local>`s, and the field of a deadline with its `data-at`, in the reader's zone. Call
/// it when the page is there.
pub fn localise() {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    while let Ok(Some(time)) = document.query_selector("time[data-local]") {
        let at = time.get_attribute("datetime").unwrap_or_default();
        let text = Date::new(&JsValue::from(at)).to_locale_string("default", &JsValue::UNDEFINED);
        time.set_text_content(text.as_string().as_deref());
        if time.remove_attribute("data-local").is_err() {
            return;
        }
    }
    let at = element("closes").and_then(|field| field.get_attribute("data-at")).and_then(|at| at.parse::<i64>().ok());
    if let (Some(at), Some(field)) = (at, input("closes")) {
        field.set_value(&minute(at - zone(at) * 60_000));
    }
    if let Some(note) = element("closes-note") {
        note.remove();
    }
    fit_zone();
}

/// Notes beside the field of a deadline how many minutes the reader's zone is behind UTC at that time.
pub fn fit_zone() {
    if let (Some(field), Some(note)) = (input("closes"), input("zone")) {
        let at = parse_minute(&field.value()).unwrap_or_default();
        note.set_value(&zone(at).to_string());
    }
}

/// Minutes that the reader's zone is behind UTC then: clocks are changed twice a year.
fn zone(at: i64) -> i64 {
    Date::new(&JsValue::from_f64(at as f64)).get_timezone_offset() as i64
}

fn element(id: &str) -> Option<Element> {
    window()?.document()?.get_element_by_id(id)
}

fn input(id: &str) -> Option<HtmlInputElement> {
    element(id)?.dyn_into().ok()
}

/// Where a `<time>` is pointed at, makes its date and time, in the reader's zone and manner, its title.
pub fn show_exact(event: &PointerEvent) {
    let pointed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(time) = pointed.and_then(|element| element.closest("time").ok().flatten()) else { return };
    let Some(at) = time.get_attribute("datetime") else { return };
    let text = String::from(js_sys::Date::new(&JsValue::from(at)).to_locale_string("default", &JsValue::UNDEFINED));
    let _ = time.set_attribute("title", &text);
}
