//! What time it is for the reader, and how their browser writes it.

use leptos::{
    ev::PointerEvent,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::Element,
};

/// Unix milliseconds by the browser's clock.
pub fn now() -> Option<i64> {
    // Whole milliseconds of this age fit.
    Some(js_sys::Date::now() as i64)
}

/// The date and time in the reader's zone and manner.
pub fn local(at: i64) -> Option<String> {
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64));
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        // Fails for frozen objects only.
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    Some(date.to_locale_string("default", &options).into())
}

/// How many minutes the reader's zone is behind UTC at that time.
pub fn zone(at: i64) -> Option<i32> {
    Some(js_sys::Date::new(&JsValue::from_f64(at as f64)).get_timezone_offset() as i32)
}

/// Where a `<time>` is pointed at, makes its date and time, in the reader's zone and manner, its title.
pub fn show_exact(event: &PointerEvent) {
    let pointed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(time) = pointed.and_then(|element| element.closest("time").ok().flatten()) else { return };
    let Some(at) = time.get_attribute("datetime") else { return };
    let text = String::from(js_sys::Date::new(&JsValue::from(at)).to_locale_string("default", &JsValue::UNDEFINED));
    let _ = time.set_attribute("title", &text);
}
