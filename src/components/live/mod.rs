//! What the projector and the phone show of a live quiz, one file per part.

pub mod announcer;
pub mod answers;
pub mod bars;
pub mod connection_mark;
pub mod countdown;
pub mod door;
pub mod host_bar;
pub mod host_scene;
pub mod host_tools;
pub mod leaderboard;
pub mod lobby;
pub mod notice;
pub mod people;
pub mod phone_answers;
pub mod phone_picks;
pub mod phone_result;
pub mod phone_scene;
pub mod podium;
pub mod question;
pub mod refresh;
pub mod shape;
pub mod share_chart;
pub mod sound;
pub mod sure_pick;
pub mod take_card;
pub mod teams;
