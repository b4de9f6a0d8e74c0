//! One file per component. They know words and domain types, never the server.

pub mod field;
pub mod frame;
