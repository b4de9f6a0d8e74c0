//! What people can do to a live session: one file per command, the same for server functions and the socket.
//! Each checks who asks and whether the feature is on, then lets the session's actor decide.

mod adjust_live_question;
mod advance_live_session;
mod choose_live_team;
mod claim_live_result;
mod continue_live_session;
mod control_live_session;
mod create_live_session;
mod end_live_session;
mod follow_live_session;
mod join_live_session;
mod start_live_session;
mod submit_live_answer;
mod take_live_card;
mod tell_sureness;

pub use adjust_live_question::{AdjustLiveQuestion, DropLiveQuestion, explanation_source};
pub use advance_live_session::AdvanceLiveSession;
pub use choose_live_team::ChooseLiveTeam;
pub use claim_live_result::ClaimLiveResult;
pub use continue_live_session::ContinueLiveSession;
pub use control_live_session::ControlLiveSession;
pub use create_live_session::CreateLiveSession;
pub use end_live_session::EndLiveSession;
pub use follow_live_session::FollowLiveSession;
pub use join_live_session::{JoinLiveSession, SeatTaken};
pub use start_live_session::StartLiveSession;
pub use submit_live_answer::SubmitLiveAnswer;
pub use take_live_card::TakeLiveCard;
pub use tell_sureness::TellSureness;

// Study rooms.
mod create_study_room;
mod delete_room_message;
mod edit_room_message;
mod end_study_room;
mod enter_study_room;
mod leave_study_room;
mod mute_in_room;
mod open_room_quiz;
mod raise_hand;
mod react;
mod send_room_message;
mod set_room_rules;
mod set_room_timer;
mod show_room_card;
mod type_in_room;

pub use create_study_room::CreateStudyRoom;
pub use delete_room_message::DeleteRoomMessage;
pub use edit_room_message::EditRoomMessage;
pub use end_study_room::EndStudyRoom;
pub use enter_study_room::EnterStudyRoom;
pub use leave_study_room::LeaveStudyRoom;
pub use mute_in_room::MuteInRoom;
pub use open_room_quiz::OpenRoomQuiz;
pub use raise_hand::RaiseHand;
pub use react::React;
pub use send_room_message::SendRoomMessage;
pub use set_room_rules::SetRoomRules;
pub use set_room_timer::SetRoomTimer;
pub use show_room_card::ShowRoomCard;
pub use type_in_room::TypeInRoom;
