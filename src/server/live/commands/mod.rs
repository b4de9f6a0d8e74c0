//! What people can do to a live session: one file per command, the same for server functions and the socket.
//! Each checks who asks and whether the feature is on, then lets the session's actor decide.

mod advance_live_session;
mod create_live_session;
mod end_live_session;
mod join_live_session;
mod start_live_session;
mod submit_live_answer;

pub use advance_live_session::AdvanceLiveSession;
pub use create_live_session::CreateLiveSession;
pub use end_live_session::EndLiveSession;
pub use join_live_session::{JoinLiveSession, SeatTaken};
pub use start_live_session::StartLiveSession;
pub use submit_live_answer::SubmitLiveAnswer;
