//! Opening and closing native dialogs and menus. The browser keeps the focus inside and gives it back.

use super::IN_BROWSER;
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys};

/// Opens the dialog above the page. Nothing happens where it is open already.
pub fn open(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked().filter(|dialog| IN_BROWSER && !dialog.open()) {
        // Fails only for a dialog that is open or not in the page.
        let _ = dialog.show_modal();
    }
}

/// Closes the dialog.
pub fn close(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked().filter(|_| IN_BROWSER) {
        dialog.close();
    }
}

/// A click on the backdrop, which counts as a click on the dialog itself, closes it.
pub fn close_on_backdrop(dialog: NodeRef<html::Dialog>, event: &ev::MouseEvent) {
    if event.target().is_some() && event.target() == event.current_target() {
        close(dialog);
    }
}

/// Closes a `<details>` menu; the focus goes back to its button where `focus` says so.
pub fn close_menu(menu: NodeRef<html::Details>, focus: bool) {
    let Some(menu) = menu.get_untracked().filter(|_| IN_BROWSER) else { return };
    let element: &web_sys::Element = menu.unchecked_ref();
    let _ = element.remove_attribute("open");
    if let Some(summary) = focus.then(|| element.first_element_child()).flatten() {
        let _ = summary.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// Whether the focus has gone from the menu to something outside.
pub fn left_menu(menu: NodeRef<html::Details>, event: &ev::FocusEvent) -> bool {
    let Some(menu) = menu.get_untracked().filter(|_| IN_BROWSER) else { return false };
    let to = event.related_target().map(|target| target.unchecked_into::<web_sys::Node>());
    let inside: &web_sys::Node = menu.unchecked_ref();
    !inside.contains(to.as_ref())
}
