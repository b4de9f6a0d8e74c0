//! The tab's one socket: drives [`Connection`] with the browser's socket, clock and signs, and hands out what arrives.

use super::{
    browser::{self, Line, Wake, Wire},
    connection::{Connection, Input, Output, State},
};
use crate::protocol::{Channel, ChannelEvent, Command, Outcome, Refused, ServerFrame};
use leptos::prelude::*;
use std::{cell::RefCell, collections::VecDeque, rc::Rc, time::Duration};

/// What a subscriber hears.
pub enum Notice {
    Event(ChannelEvent),
    /// What was heard before is void: this is the channel's state, or none, when the page has to read it again.
    Resynced(Option<ChannelEvent>),
    /// The server does not let us listen.
    Refused(Refused),
}

type Hear = Rc<dyn Fn(&Notice)>;
type Reply = Box<dyn FnOnce(Result<Outcome, Refused>)>;

struct Driver {
    connection: Connection,
    line: Option<Line>,
    /// Events of an older socket carry an older number and are not heard.
    generation: u32,
    subscribers: Vec<(u32, Channel, Hear)>,
    replies: Vec<(u32, Reply)>,
    next_id: u32,
    timer: Option<(u64, TimeoutHandle)>,
    inputs: VecDeque<Input>,
    running: bool,
    state: RwSignal<State>,
}

thread_local! {
    // Lives as long as the tab. The server never gets here: effects do not run there.
    static DRIVER: RefCell<Option<Driver>> = const { RefCell::new(None) };
}

/// The tab's socket, by context from the app. It opens when somebody subscribes and closes when nobody does.
#[derive(Clone, Copy)]
pub struct Socket {
    state: RwSignal<State>,
}

/// Makes the tab's socket known to all pages.
pub fn provide_socket() {
    provide_context(Socket { state: RwSignal::new(State::Idle) });
}

/// The tab's socket.
pub fn use_socket() -> Socket {
    use_context().unwrap_or_else(|| Socket { state: RwSignal::new(State::Idle) })
}

impl Socket {
    /// Where the connection stands; times in it are on the clock of [`browser::now`].
    pub fn state(self) -> Signal<State> {
        self.state.into()
    }

    /// Hears the channel until the current owner is disposed. Call it from an effect.
    pub fn subscribe(self, channel: Channel, hear: impl Fn(&Notice) + 'static) {
        let id = self.with(|driver| {
            let id = driver.new_id();
            driver.subscribers.push((id, channel, Rc::new(hear)));
            id
        });
        on_cleanup(move || unsubscribe(id, channel));
        feed(Input::Subscribe(channel));
    }

    /// Sends a command, again after a lost connection, until the server answers.
    pub fn command(self, command: Command, reply: impl FnOnce(Result<Outcome, Refused>) + 'static) {
        let id = self.with(|driver| {
            let id = driver.new_id();
            driver.replies.push((id, Box::new(reply)));
            id
        });
        feed(Input::Command { id, key: browser::uuid(), command });
    }

    /// Tries to connect at once.
    pub fn retry(self) {
        feed(Input::Retry);
    }

    /// Subscribes on a new connection, so that the server sees the cookies of now.
    pub fn subscribe_again(self, channel: Channel) {
        feed(Input::Subscribe(channel));
        feed(Input::Reconnect);
    }

    fn with<T>(self, act: impl FnOnce(&mut Driver) -> T) -> T {
        let (result, is_new) = DRIVER.with_borrow_mut(|slot| {
            let is_new = slot.is_none();
            let driver = slot.get_or_insert_with(|| Driver {
                connection: Connection::new(browser::uuid()),
                line: None,
                generation: 0,
                subscribers: vec![],
                replies: vec![],
                next_id: 1,
                timer: None,
                inputs: VecDeque::new(),
                running: false,
                state: self.state,
            });
            (act(driver), is_new)
        });
        if is_new {
            browser::on_wake(|wake| {
                feed(match wake {
                    Wake::Online => Input::Online,
                    Wake::Offline => Input::Offline,
                    Wake::Visible => Input::Visible,
                });
            });
        }
        result
    }
}

fn unsubscribe(id: u32, channel: Channel) {
    let last = DRIVER.with_borrow_mut(|slot| {
        let Some(driver) = slot else { return false };
        driver.subscribers.retain(|s| s.0 != id);
        driver.subscribers.iter().all(|s| s.1 != channel)
    });
    if last {
        feed(Input::Unsubscribe(channel));
    }
}

/// Steps the machine. What a step causes meanwhile waits its turn.
fn feed(input: Input) {
    let idle = DRIVER.with_borrow_mut(|slot| {
        let Some(driver) = slot else { return false };
        driver.inputs.push_back(input);
        !std::mem::replace(&mut driver.running, true)
    });
    if !idle {
        return;
    }
    while let Some(outputs) = DRIVER.with_borrow_mut(|slot| slot.as_mut().and_then(Driver::step)) {
        for output in outputs {
            perform(output);
        }
    }
    let shown = DRIVER.with_borrow_mut(|slot| {
        slot.as_mut().map(|driver| {
            driver.running = false;
            driver.arm();
            (driver.state, driver.connection.state())
        })
    });
    if let Some((signal, state)) = shown
        && signal.try_get_untracked() != Some(state)
    {
        signal.try_set(state);
    }
}

fn perform(output: Output) {
    match output {
        Output::Open => open(),
        Output::Close => {
            // Closed when it leaves this scope, outside the borrow.
            let _line = DRIVER.with_borrow_mut(|slot| {
                slot.as_mut().and_then(|driver| {
                    driver.generation += 1;
                    driver.line.take()
                })
            });
        }
        Output::Send(frame) => {
            if let Ok(bytes) = postcard::to_allocvec(&frame) {
                DRIVER.with_borrow(|slot| {
                    if let Some(line) = slot.as_ref().and_then(|d| d.line.as_ref()) {
                        line.send(&bytes);
                    }
                });
            }
        }
        Output::Deliver(frame) => deliver(frame),
    }
}

fn open() {
    let generation = DRIVER.with_borrow_mut(|slot| {
        slot.as_mut().map_or(0, |driver| {
            driver.generation += 1;
            driver.line = None;
            driver.generation
        })
    });
    let line = Line::open(move |wire| {
        let current = DRIVER.with_borrow(|slot| slot.as_ref().is_some_and(|d| d.generation == generation));
        if current {
            hear(wire);
        }
    });
    if line.is_none() {
        feed(Input::Closed { code: 1006 });
    }
    DRIVER.with_borrow_mut(|slot| {
        if let Some(driver) = slot {
            driver.line = line;
        }
    });
}

fn hear(wire: Wire) {
    match wire {
        Wire::Opened => feed(Input::Opened),
        Wire::Closed(code) => feed(Input::Closed { code }),
        // A frame of a newer server: the page must be loaded again, but what it can read still works.
        Wire::Frame(bytes) => {
            if let Ok(frame) = postcard::from_bytes(&bytes) {
                feed(Input::Frame(frame));
            }
        }
    }
}

fn deliver(frame: ServerFrame) {
    match frame {
        ServerFrame::Happened { channel, event, .. } | ServerFrame::Changed { channel, event } => {
            tell(channel, &Notice::Event(event));
        }
        ServerFrame::Resynced { channel, snapshot, .. } => {
            tell(channel, &Notice::Resynced(snapshot.map(|event| *event)))
        }
        ServerFrame::SubscriptionRefused { channel, reason } => tell(channel, &Notice::Refused(reason)),
        ServerFrame::Acknowledged { id, outcome } => answer(id, Ok(outcome)),
        ServerFrame::CommandRefused { id, reason } => answer(id, Err(reason)),
        _ => {}
    }
}

fn tell(channel: Channel, notice: &Notice) {
    let hears: Vec<Hear> = DRIVER.with_borrow(|slot| {
        slot.iter().flat_map(|d| &d.subscribers).filter(|s| s.1 == channel).map(|s| s.2.clone()).collect()
    });
    for hear in hears {
        hear(notice);
    }
}

fn answer(id: u32, result: Result<Outcome, Refused>) {
    let reply = DRIVER.with_borrow_mut(|slot| {
        let driver = slot.as_mut()?;
        let at = driver.replies.iter().position(|r| r.0 == id)?;
        Some(driver.replies.swap_remove(at).1)
    });
    if let Some(reply) = reply {
        reply(result);
    }
}

impl Driver {
    fn new_id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id = id.wrapping_add(1);
        id
    }

    fn step(&mut self) -> Option<Vec<Output>> {
        let input = self.inputs.pop_front()?;
        Some(self.connection.step(input, now(), browser::random()))
    }

    /// Sets the timer for the machine's next thing to do; an earlier one only costs a look.
    fn arm(&mut self) {
        let wake_at = self.connection.wake_at();
        if let (Some(at), Some((armed, _))) = (wake_at, &self.timer)
            && *armed <= at
        {
            return;
        }
        if let Some((_, timer)) = self.timer.take() {
            timer.clear();
        }
        if let Some(at) = wake_at {
            let pause = Duration::from_millis(at.saturating_sub(now()) + 1);
            self.timer = set_timeout_with_handle(ring, pause).ok().map(|timer| (at, timer));
        }
    }
}

fn ring() {
    DRIVER.with_borrow_mut(|slot| {
        if let Some(driver) = slot {
            driver.timer = None;
        }
    });
    feed(Input::Tick);
}

/// The machine's clock in whole milliseconds.
fn now() -> u64 {
    browser::now() as u64
}
