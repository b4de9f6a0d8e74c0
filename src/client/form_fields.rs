//! What a form holds at the moment it is sent.

use leptos::{
    wasm_bindgen::JsCast,
    web_sys::{
        FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement, SubmitEvent, UrlSearchParams,
    },
};

/// Takes the form over from the browser: its fields with those of the button that sent it, as a query.
/// `None` when somebody else has taken it already.
pub fn take(event: &SubmitEvent) -> Option<String> {
    if event.default_prevented() {
        return None;
    }
    let form: HtmlFormElement = event.target()?.unchecked_into();
    let data = FormData::new_with_form(&form).ok()?;
    if let Some(submitter) = event.submitter() {
        let (name, value) = button(&submitter);
        if !name.is_empty() {
            data.append_with_str(&name, &value).ok()?;
        }
    }
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    event.prevent_default();
    fields.to_string().as_string()
}

fn button(element: &HtmlElement) -> (String, String) {
    match element.dyn_ref::<HtmlButtonElement>() {
        Some(button) => (button.name(), button.value()),
        None => element.dyn_ref::<HtmlInputElement>().map(|input| (input.name(), input.value())).unwrap_or_default(),
    }
}
