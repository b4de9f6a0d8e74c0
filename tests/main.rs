//! One integration binary: contract suite on both engines, HTTP, socket, live sessions.

mod architecture;
#[allow(dead_code, unused_imports, reason = "each suite uses its own part")]
mod common;
mod contract;
mod http;
mod live;
mod socket;
