//! What people can ask about live sessions: one file per query.

mod get_active_live_sessions;
mod get_live_session_leaderboard;
mod get_live_session_participants;
mod room_cards;

pub use get_active_live_sessions::GetActiveLiveSessions;
pub use get_live_session_leaderboard::GetLiveSessionLeaderboard;
pub use get_live_session_participants::GetLiveSessionParticipants;
pub use room_cards::RoomCards;
