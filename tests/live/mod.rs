//! Blitz Quizzes against the real server: a whole game, what nobody may learn, coming back, bad input.

mod contract;
mod game;
mod join;
mod recovery;
mod rooms;
mod rooms_contract;
