//! Live sessions: what runs in a room at the same time for everybody.
