//! Reading a table of cards: encoding and separator, rows, columns, and the plan of what will be added.

pub mod columns;
pub mod detect;
pub mod parse;
pub mod plan;
pub mod read;

pub use plan::{Plan, PlannedCard};
pub use read::{Reading, read};
