//! One integration binary: contract suite on both engines, HTTP, socket, live sessions.

mod contract;
