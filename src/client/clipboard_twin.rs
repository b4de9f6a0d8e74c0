//! The server has no clipboard.

/// Copies nothing.
pub fn copy(_text: &str) -> bool {
    false
}
