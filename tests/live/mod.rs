//! Blitz Quizzes against the real server: a whole game, what nobody may learn, coming back, bad input.

mod contract;
mod control;
mod faults;
mod game;
mod join;
mod preview;
mod quiz;
mod recovery;
mod report;
mod rooms;
mod rooms_contract;
mod rules;
mod self_paced;
mod sureness;
mod table;
mod take_card;
mod teams;
