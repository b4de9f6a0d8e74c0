//! Live sessions: setting up, joining, and the same commands that the socket carries as plain forms,
//! for pages without JavaScript and for the first view of a page.

mod host;
mod lists;
mod player;
mod setup;

pub use host::{
    AdvanceLiveSession, ContinueLiveSession, ControlLiveSession, EndLiveSession, HostScreen, LiveHostView,
    StartLiveSession, advance_live_session, continue_live_session, control_live_session, end_live_session,
    live_host_view, start_live_session,
};
pub use lists::{
    ListedParticipant, LiveSessionLeaderboard, LiveSessionParticipants, LiveSessionSummary, LiveSessionsOfGroup,
    LiveSessionsOfMyGroups, live_session_leaderboard, live_session_participants, live_sessions_of_group,
    live_sessions_of_my_groups,
};
pub use player::{
    ChooseLiveTeam, FollowLiveSession, JoinLiveSession, LivePlayerView, PlayerScreen, SubmitLiveAnswer,
    choose_live_team, follow_live_session, join_live_session, live_player_view, submit_live_answer,
};
pub use setup::{
    BlitzOptions, BlitzSetup, CategoryChoice, CreateLiveSession, RuleChoices, blitz_setup, create_live_session,
};
