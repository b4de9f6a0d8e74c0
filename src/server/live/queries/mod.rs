//! What people can ask about live sessions: one file per query.

mod get_active_live_sessions;
mod get_live_report;
mod get_live_result;
mod get_live_session_leaderboard;
mod get_live_session_participants;
mod get_past_live_sessions;
mod preview_live_session;
mod room_cards;

pub use get_active_live_sessions::GetActiveLiveSessions;
pub use get_live_report::GetLiveReport;
pub(super) use get_live_report::{answers, played, players};
pub use get_live_result::GetLiveResult;
pub use get_live_session_leaderboard::GetLiveSessionLeaderboard;
pub use get_live_session_participants::GetLiveSessionParticipants;
pub use get_past_live_sessions::GetPastLiveSessions;
pub use preview_live_session::PreviewLiveSession;
pub use room_cards::RoomCards;
