//! Reading a table of cards: encoding and separator, rows, columns, and the plan of what will be added.

pub mod columns;
mod confirm;
pub mod detect;
pub mod parse;
pub mod plan;
pub mod read;
pub mod routes;
pub mod write;

pub use confirm::{confirm, open, read_for};
pub use plan::{Plan, PlannedCard};
pub use read::{Reading, read};
