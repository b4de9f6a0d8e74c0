//! What only a browser has: its clock, its random source, its socket, the signs that it woke up.

use crate::protocol::POSTCARD;
use js_sys::{ArrayBuffer, Uint8Array};
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use std::{cell::RefCell, rc::Rc};
use uuid::Uuid;
use web_sys::{
    AudioContext, BinaryType, CloseEvent, Event, EventTarget, HtmlFormElement, MessageEvent, VisibilityState,
    WebSocket, window,
};

/// Milliseconds since the page began; never falls.
pub fn now() -> f64 {
    window().and_then(|w| w.performance()).map_or_else(js_sys::Date::now, |p| p.now())
}

/// A number in 0.0..1.0, for spreading retries.
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// A new random identifier.
pub fn uuid() -> Uuid {
    let mut bytes = [0; 16];
    // Unlike `randomUUID`, it is there on plain HTTP as well.
    let filled = window()
        .and_then(|w| w.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        bytes.fill_with(|| (random() * 256.0) as u8);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Leaves this page for the one at `address`, which the server sends.
pub fn open(address: &str) {
    if let Some(window) = window() {
        // Fails for an address that is none, and routes are.
        let _ = window.location().assign(address);
    }
}

/// Sends these fields as a form of the page would: what the server answers is the next page.
pub fn post(path: &str, fields: &[(&str, &str)]) {
    let make = || {
        let document = window()?.document()?;
        let form = document.create_element("form").ok()?;
        form.set_attribute("method", "post").ok()?;
        form.set_attribute("action", path).ok()?;
        for (name, value) in fields {
            let input = document.create_element("input").ok()?;
            for (key, value) in [("type", "hidden"), ("name", name), ("value", value)] {
                input.set_attribute(key, value).ok()?;
            }
            form.append_child(&input).ok()?;
        }
        document.body()?.append_child(&form).ok()?;
        form.dyn_into::<HtmlFormElement>().ok()
    };
    if let Some(form) = make() {
        // Fails for a form outside of the page.
        let _ = form.submit();
    }
}

/// Keeps a text for this tab: it outlives a reload, and an app that the phone has put away. Empty: forgets it.
pub fn keep(key: &str, text: &str) {
    if let Some(storage) = window().and_then(|w| w.session_storage().ok().flatten()) {
        // Fails where the browser keeps nothing; then a reload loses it.
        let _ = if text.is_empty() { storage.remove_item(key) } else { storage.set_item(key, text) };
    }
}

/// What [`keep`] kept.
pub fn kept(key: &str) -> Option<String> {
    window()?.session_storage().ok()??.get_item(key).ok()?
}

/// Remembers a choice on this device.
pub fn remember(key: &str, text: &str) {
    if let Some(storage) = window().and_then(|w| w.local_storage().ok().flatten()) {
        // Fails where the browser keeps nothing; then the choice is made anew.
        let _ = storage.set_item(key, text);
    }
}

/// What [`remember`] remembered.
pub fn remembered(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

thread_local! {
    /// Made with the first tone.
    static AUDIO: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// A short soft tone of `hz` that begins `after_ms` from now. Browsers stay silent until somebody has touched the page.
pub fn tone(hz: f32, after_ms: u32, ms: u32) {
    AUDIO.with_borrow_mut(|audio| {
        if audio.is_none() {
            *audio = AudioContext::new().ok();
        }
        if let Some(audio) = audio {
            // Fails where there is nothing to hear it with.
            let _ = sound(audio, hz, f64::from(after_ms) / 1000.0, f64::from(ms) / 1000.0);
        }
    });
}

fn sound(audio: &AudioContext, hz: f32, after_s: f64, s: f64) -> Result<(), JsValue> {
    // The promise says only when it is so; what is scheduled waits for it.
    let _ = audio.resume()?;
    let (oscillator, gain) = (audio.create_oscillator()?, audio.create_gain()?);
    let from = audio.current_time() + after_s;
    oscillator.frequency().set_value(hz);
    gain.gain().set_value_at_time(0.12, from)?;
    gain.gain().exponential_ramp_to_value_at_time(0.001, from + s)?;
    oscillator.connect_with_audio_node(&gain)?;
    gain.connect_with_audio_node(&audio.destination())?;
    oscillator.start_with_when(from)?;
    oscillator.stop_with_when(from + s)
}

/// Signs from the browser that the line may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    Online,
    Offline,
    /// The page is looked at again, or came out of the back-forward cache.
    Visible,
}

/// Tells about every sign from now on, for as long as the page lives.
pub fn on_wake(tell: impl Fn(Wake) + 'static) {
    let Some(window) = window() else { return };
    let tell = Rc::new(tell);
    for (name, wake) in [("online", Wake::Online), ("offline", Wake::Offline), ("pageshow", Wake::Visible)] {
        let tell = tell.clone();
        listen(&window, name, move || tell(wake));
    }
    let Some(document) = window.document() else { return };
    let page = document.clone();
    listen(&document, "visibilitychange", move || {
        if page.visibility_state() == VisibilityState::Visible {
            tell(Wake::Visible);
        }
    });
}

/// Tells about every sign of the person from now on, for as long as the page lives.
pub fn on_input(tell: impl Fn() + 'static) {
    let Some(document) = window().and_then(|w| w.document()) else { return };
    let tell = Rc::new(tell);
    for name in ["pointerdown", "keydown", "wheel", "visibilitychange"] {
        let (tell, page) = (tell.clone(), document.clone());
        listen(&document, name, move || {
            if page.visibility_state() == VisibilityState::Visible {
                tell();
            }
        });
    }
}

fn listen(target: &EventTarget, name: &str, tell: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(tell);
    // Fails only for a listener that is no function.
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Sends the form with this id to `to`, files and all, and loads the answer: no handler of the page takes it.
pub fn send_form(form: &str, to: &str) {
    let form = window().and_then(|window| window.document()?.get_element_by_id(form));
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        form.set_action(to);
        form.set_method("post");
        form.set_enctype("multipart/form-data");
        // A form that cannot be sent stays where it is, with everything in it.
        let _ = form.submit();
    }
}

/// What a socket tells.
pub enum Wire {
    Opened,
    Frame(Vec<u8>),
    Closed(u16),
}

/// What the socket calls; it must live as long as the socket.
type Heard = (Closure<dyn Fn(Event)>, Closure<dyn Fn(MessageEvent)>, Closure<dyn Fn(CloseEvent)>);

/// An open socket. Dropping it closes it; nothing is heard from it afterwards.
pub struct Line {
    socket: WebSocket,
    _heard: Heard,
}

impl Line {
    /// Opens a socket to this page's server; `None` when the browser refuses.
    pub fn open(tell: impl Fn(Wire) + 'static) -> Option<Self> {
        let location = window()?.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss://" } else { "ws://" };
        let url = [scheme, &location.host().ok()?, "/ws"].concat();
        let socket = WebSocket::new_with_str(&url, POSTCARD).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let tell = Rc::new(tell);
        let (on_open, on_frame, on_close) = (tell.clone(), tell.clone(), tell);
        let opened = Closure::<dyn Fn(Event)>::new(move |_| on_open(Wire::Opened));
        let frame = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                on_frame(Wire::Frame(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let closed = Closure::<dyn Fn(CloseEvent)>::new(move |event: CloseEvent| on_close(Wire::Closed(event.code())));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(frame.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { socket, _heard: (opened, frame, closed) })
    }

    /// Hands the bytes to the browser. Whether they arrive shows only by the answer.
    pub fn send(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
