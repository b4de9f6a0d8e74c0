//! The rules of the state machine.
