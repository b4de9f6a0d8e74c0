//! Teams: who is in which, and what a team scores: per question the mean of its members who were in.

use super::{Admission, Blitz, Event, LeaderboardRow, Participant, Phase, Refusal};
use crate::domain::{
    ids::ParticipantId,
    live::standings::{Standing, standings},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many teams play.
pub const FEWEST_TEAMS: usize = 2;
pub const MOST_TEAMS: usize = 8;
/// Longest name of a team, in characters.
pub const MAX_TEAM_NAME: usize = 24;
/// Team scores are kept in thousandths of a point, so that means do not drift.
const PARTS: u64 = 1_000;

/// The teams of a quiz, named by the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teams {
    /// 2 to 8 names, all different.
    pub names: Vec<String>,
    /// Players pick in the lobby; otherwise everybody goes to the smallest team.
    pub chosen: bool,
}

/// What a team has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamState {
    /// In thousandths of a point.
    pub parts: u64,
    /// The same before the last reveal, for a question that is taken back.
    pub previous_parts: u64,
    pub rank: Option<u32>,
    pub previous_rank: Option<u32>,
}

/// A team as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRow {
    pub team: u8,
    pub name: String,
    pub score: u32,
    pub rank: u32,
    /// Places won or lost since the question before.
    pub change: i32,
    pub members: u32,
}

/// What a player sees of the teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    pub mine: Option<u8>,
    /// Now is the time to pick.
    pub may_choose: bool,
    /// Best first; in the lobby as the host named them, and empty while a question is on.
    pub rows: Vec<TeamRow>,
}

impl Teams {
    /// From what the host typed, parted by commas or lines; `None` when these are not two to eight different names.
    pub fn parse(typed: &str, chosen: bool) -> Option<Self> {
        let mut names: Vec<String> = vec![];
        for name in typed.split([',', ';', '\n']).map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")) {
            let is_new = names.iter().all(|other| other.to_lowercase() != name.to_lowercase());
            if !name.is_empty() && (!is_new || name.chars().count() > MAX_TEAM_NAME) {
                return None;
            }
            if !name.is_empty() {
                names.push(name);
            }
        }
        (FEWEST_TEAMS..=MOST_TEAMS).contains(&names.len()).then_some(Self { names, chosen })
    }
}

impl TeamRow {
    /// For the lists that show players otherwise.
    pub fn as_row(&self) -> LeaderboardRow {
        LeaderboardRow {
            standing: Standing {
                participant: Self::id(self.team),
                name: self.name.clone(),
                score: self.score,
                rank: self.rank,
            },
            change: self.change,
        }
    }

    /// Stands for a participant's id in such a list.
    pub fn id(team: u8) -> ParticipantId {
        ParticipantId(Uuid::from_u128(u128::from(team) + 1))
    }
}

impl Blitz {
    /// Picks a team; in the lobby, as often as one likes.
    pub(super) fn choose_team(&self, participant: ParticipantId, team: u8) -> Result<Vec<Event>, Refusal> {
        let player = self.participant(participant).filter(|p| p.admission == Admission::In);
        let player = player.ok_or(Refusal::NotInSession)?;
        let teams = self.config.teams.as_ref().filter(|teams| teams.chosen).ok_or(Refusal::NotNow)?;
        if self.phase != Phase::Lobby {
            return Err(Refusal::NotNow);
        }
        if usize::from(team) >= teams.names.len() {
            return Err(Refusal::Malformed);
        }
        Ok(if player.team == Some(team) { vec![] } else { vec![Event::TeamJoined { participant, team }] })
    }

    /// Puts `newcomers` without a team into the smallest ones, unless they may still pick.
    pub(super) fn assign_teams(&self, newcomers: impl IntoIterator<Item = ParticipantId>) -> Vec<Event> {
        match &self.config.teams {
            Some(teams) if !(teams.chosen && self.phase == Phase::Lobby) => self.assign_all(newcomers),
            _ => vec![],
        }
    }

    /// At the start: whoever has not picked goes to the smallest team.
    pub(super) fn assign_rest(&self) -> Vec<Event> {
        self.assign_all(self.players().map(|p| p.id).collect::<Vec<_>>())
    }

    fn assign_all(&self, newcomers: impl IntoIterator<Item = ParticipantId>) -> Vec<Event> {
        let mut sizes: Vec<u32> = (0..self.teams.len()).map(|team| self.members(team)).collect();
        let mut events = vec![];
        for participant in newcomers {
            if self.participant(participant).is_some_and(|p| p.team.is_some()) {
                continue;
            }
            let smallest = sizes.iter().enumerate().min_by_key(|(_, size)| **size).map(|(team, _)| team);
            if let Some(team) = smallest
                && let Ok(number) = u8::try_from(team)
            {
                sizes[team] += 1;
                events.push(Event::TeamJoined { participant, team: number });
            }
        }
        events
    }

    fn members(&self, team: usize) -> u32 {
        let there = self.players().filter(|p| p.team.map(usize::from) == Some(team)).count();
        u32::try_from(there).unwrap_or(u32::MAX)
    }

    /// Whether this player's answer, or its lack, is part of the team's mean: who answered, and who was there when the
    /// options came. Who was gone by then does not pull the team down, and who drops out during a question does.
    fn was_in(&self, player: &Participant, index: u32) -> bool {
        self.answers.contains_key(&player.id)
            || !self.absent.contains(&player.id) && player.joined_during != Some(index)
    }

    /// At the reveal of a question: what the teams get for it.
    pub(super) fn score_teams(&mut self, index: u32) {
        for team in 0..self.teams.len() {
            let members = self.players().filter(|p| p.team.map(usize::from) == Some(team));
            let counted: Vec<u64> = members
                .filter(|p| self.was_in(p, index))
                .map(|p| self.answers.get(&p.id).map_or(0, |a| u64::from(a.points) + u64::from(a.bonus)))
                .collect();
            let sum: u64 = counted.iter().sum();
            let gained = (sum * PARTS).checked_div(counted.len() as u64).unwrap_or(0);
            if let Some(state) = self.teams.get_mut(team) {
                state.previous_parts = state.parts;
                state.parts += gained;
            }
        }
    }

    /// A question that was revealed is taken back.
    pub(super) fn give_back_teams(&mut self) {
        self.teams.iter_mut().for_each(|team| team.parts = team.previous_parts);
    }

    pub(super) fn rank_teams(&mut self) {
        for row in self.team_rows() {
            if let Some(team) = self.teams.get_mut(usize::from(row.team)) {
                team.previous_rank = team.rank;
                team.rank = Some(row.rank);
            }
        }
    }

    /// Best first; teams that are level stand as the host named them.
    pub fn team_rows(&self) -> Vec<TeamRow> {
        let Some(names) = self.config.teams.as_ref().map(|teams| &teams.names) else { return vec![] };
        let points = |parts: u64| u32::try_from((parts + PARTS / 2) / PARTS).unwrap_or(u32::MAX);
        let all = (0u8..).zip(names).zip(&self.teams);
        standings(all.map(|((team, name), state)| (TeamRow::id(team), name.as_str(), points(state.parts))))
            .into_iter()
            .filter_map(|row| {
                let team = u8::try_from(row.participant.0.as_u128().checked_sub(1)?).ok()?;
                let before = self.teams.get(usize::from(team)).and_then(|state| state.previous_rank);
                let change = before.map_or(0, |before| i64::from(before) - i64::from(row.rank));
                Some(TeamRow {
                    team,
                    name: row.name,
                    score: row.score,
                    rank: row.rank,
                    change: i32::try_from(change).unwrap_or(0),
                    members: self.members(usize::from(team)),
                })
            })
            .collect()
    }

    /// The teams as this player sees them.
    pub(super) fn team_view(&self, participant: &Participant, rows: &[TeamRow]) -> Option<TeamView> {
        let teams = self.config.teams.as_ref()?;
        let lobby = self.phase == Phase::Lobby;
        let busy = matches!(self.phase, Phase::LeadIn { .. } | Phase::Answering { .. });
        let mut rows = if busy { vec![] } else { rows.to_vec() };
        if lobby {
            rows.sort_by_key(|row| row.team);
        }
        Some(TeamView { mine: participant.team, may_choose: lobby && teams.chosen, rows })
    }
}
