//! Copying text. The clipboard proper exists on HTTPS only; a school's plain-HTTP server gets the older way.

use leptos::{
    prelude::{document, window},
    wasm_bindgen::{JsCast, JsValue},
    web_sys::HtmlTextAreaElement,
};

/// Copies `text`; `false` when the browser refuses.
pub fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let modern = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|c| !c.is_undefined());
    if modern {
        let _ = navigator.clipboard().write_text(text);
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document = document();
    let area: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    area.set_value(text);
    area.set_class_name("visually-hidden");
    let Some(body) = document.body() else { return Ok(false) };
    let before = document.active_element();
    body.append_child(&area)?;
    area.select();
    let command: js_sys::Function = js_sys::Reflect::get(&document, &JsValue::from_str("execCommand"))?.dyn_into()?;
    let copied = command.call1(&document, &JsValue::from_str("copy"))?.is_truthy();
    area.remove();
    if let Some(element) = before {
        let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
    }
    Ok(copied)
}
