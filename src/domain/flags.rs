//! The twelve feature flags: their names, what each needs, and which of them are built.

use serde::{Deserialize, Serialize};

/// A part of Studyhall that an admin can turn on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Flag {
    Realtime,
    Presence,
    BlitzQuiz,
    LiveSessions,
    AiCoach,
    AiHints,
    AiGeneration,
    AiGapAnalysis,
    PeerReview,
    GroupStreaks,
    KnowledgeMap,
    Certifications,
}

impl Flag {
    pub const ALL: [Self; 12] = [
        Self::Realtime,
        Self::Presence,
        Self::BlitzQuiz,
        Self::LiveSessions,
        Self::AiCoach,
        Self::AiHints,
        Self::AiGeneration,
        Self::AiGapAnalysis,
        Self::PeerReview,
        Self::GroupStreaks,
        Self::KnowledgeMap,
        Self::Certifications,
    ];

    /// The name in configuration (`FEATURE_<NAME>`), database and admin page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Realtime => "REALTIME",
            Self::Presence => "PRESENCE",
            Self::BlitzQuiz => "BLITZ_QUIZ",
            Self::LiveSessions => "LIVE_SESSIONS",
            Self::AiCoach => "AI_COACH",
            Self::AiHints => "AI_HINTS",
            Self::AiGeneration => "AI_GENERATION",
            Self::AiGapAnalysis => "AI_GAP_ANALYSIS",
            Self::PeerReview => "PEER_REVIEW",
            Self::GroupStreaks => "GROUP_STREAKS",
            Self::KnowledgeMap => "KNOWLEDGE_MAP",
            Self::Certifications => "CERTIFICATIONS",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.name() == name)
    }

    /// The flags that must be on for this one to be on.
    pub fn needs(self) -> &'static [Self] {
        match self {
            Self::Presence | Self::LiveSessions => &[Self::Realtime],
            Self::BlitzQuiz | Self::PeerReview => &[Self::LiveSessions],
            Self::AiHints => &[Self::AiCoach],
            Self::Realtime
            | Self::AiCoach
            | Self::AiGeneration
            | Self::AiGapAnalysis
            | Self::GroupStreaks
            | Self::KnowledgeMap
            | Self::Certifications => &[],
        }
    }

    /// Whether this version contains the feature. What is not built cannot be turned on.
    pub fn is_built(self) -> bool {
        matches!(self, Self::Realtime | Self::Presence | Self::LiveSessions | Self::BlitzQuiz)
    }
}
