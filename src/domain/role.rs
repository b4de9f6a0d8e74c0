//! Who somebody is: on the installation, and within one group.

use serde::{Deserialize, Serialize};

/// What an account may do on the whole installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserRole {
    Learner,
    Teacher,
    Admin,
}

/// What a member may do inside one group. The order is by power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupRole {
    Member,
    Teacher,
    Owner,
}

impl UserRole {
    pub const ALL: [Self; 3] = [Self::Learner, Self::Teacher, Self::Admin];

    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Teacher => "teacher",
            Self::Admin => "admin",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl GroupRole {
    pub const ALL: [Self; 3] = [Self::Member, Self::Teacher, Self::Owner];

    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Teacher => "teacher",
            Self::Owner => "owner",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Teachers and owners host quizzes, edit the group's decks and see reports.
    pub fn teaches(self) -> bool {
        self >= Self::Teacher
    }
}
