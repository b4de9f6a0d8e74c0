//! The binary: `studyhall serve | migrate | admin | load`.

fn main() {}
