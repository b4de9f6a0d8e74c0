//! The socket against the real server: the door, the frames, the limits, who may do what.

mod authorization;
mod churn;
mod door;
mod example;
mod faults;
mod presence;
mod random;
mod revoked;
mod storm;
