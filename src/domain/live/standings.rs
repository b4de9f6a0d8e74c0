//! Who leads: ranks by score, ties share a rank, the order is stable.

use crate::domain::ids::ParticipantId;
use serde::{Deserialize, Serialize};

/// One line of the standings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub participant: ParticipantId,
    pub name: String,
    pub score: u32,
    /// 1 is best; equal scores share a rank and the next one is skipped (1, 2, 2, 4).
    pub rank: u32,
}

/// Ranks `players` (id, name, score), given in the order in which they joined; that order breaks ties in the list.
pub fn standings<'a>(players: impl Iterator<Item = (ParticipantId, &'a str, u32)>) -> Vec<Standing> {
    let mut rows: Vec<Standing> = players
        .map(|(participant, name, score)| Standing { participant, name: name.to_owned(), score, rank: 0 })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.score));
    let mut rank = 0;
    let mut last = None;
    for (place, row) in (1u32..).zip(rows.iter_mut()) {
        if last != Some(row.score) {
            rank = place;
            last = Some(row.score);
        }
        row.rank = rank;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: usize) -> ParticipantId {
        ParticipantId(Uuid::from_u128(n as u128))
    }

    fn ranked(scores: &[u32]) -> Vec<Standing> {
        standings(scores.iter().enumerate().map(|(n, score)| (id(n), "x", *score)))
    }

    #[test]
    fn a14_ties_share_the_rank_and_keep_the_order_of_joining() {
        let rows = ranked(&[500, 900, 500, 100]);
        assert_eq!(rows.iter().map(|r| r.rank).collect::<Vec<_>>(), [1, 2, 2, 4]);
        assert_eq!(rows.iter().map(|r| r.participant).collect::<Vec<_>>(), [id(1), id(0), id(2), id(3)]);
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_the_number_of_better_players(scores in prop::collection::vec(0u32..20, 0..60)) {
            let rows = ranked(&scores);
            prop_assert_eq!(rows.len(), scores.len());
            for row in &rows {
                let better = scores.iter().filter(|s| **s > row.score).count();
                prop_assert_eq!(row.rank as usize, better + 1);
            }
        }
    }
}
