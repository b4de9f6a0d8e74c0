//! What time it is for the reader, and how their browser writes it.

use leptos::wasm_bindgen::JsValue;

/// Unix milliseconds by the browser's clock.
pub fn now() -> Option<i64> {
    // Whole milliseconds of this age fit.
    Some(js_sys::Date::now() as i64)
}

/// Date and time in the reader's zone and manner; `None` on the server.
pub fn exact(at: i64) -> Option<String> {
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64));
    Some(date.to_locale_string("default", &JsValue::UNDEFINED).into())
}
