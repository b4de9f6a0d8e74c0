//! Sessions that have ended, of a group or of the asking account.

use crate::{
    api::{
        error::AppError,
        live_reports::{PastSession, PastSessions},
    },
    domain::ids::{GroupId, LiveSessionId},
    server::{
        call::Call,
        storage::{PastSessionRow, SESSIONS_PER_PAGE},
    },
};

#[derive(Clone, Copy, Debug)]
pub struct GetPastLiveSessions {
    /// `None`: those that the asking account hosted or played in.
    pub group: Option<GroupId>,
    /// From 1.
    pub page: u32,
}

impl GetPastLiveSessions {
    pub async fn run(self, call: &Call) -> Result<PastSessions, AppError> {
        let me = call.user()?.user;
        let page = i64::from(self.page.max(1)) - 1;
        let mut rows = match self.group {
            Some(group) => {
                call.member(group).await?;
                call.state.db.past_live_sessions_of_group(me, group, page).await?
            }
            None => call.state.db.past_live_sessions_of_user(me, page).await?,
        };
        let shown = usize::try_from(SESSIONS_PER_PAGE).unwrap_or(0);
        let more = rows.len() > shown;
        rows.truncate(shown);
        Ok(PastSessions { sessions: rows.into_iter().map(line).collect(), more })
    }
}

fn line(row: PastSessionRow) -> PastSession {
    let number = |n: i64| u32::try_from(n).unwrap_or(0);
    let right = (row.answers > 0).then(|| (row.correct * 1000 + row.answers / 2) / row.answers);
    PastSession {
        session: LiveSessionId(row.id),
        title: row.deck_title,
        group_name: row.group_name,
        host_name: row.host_name,
        ended_at: row.ended_at,
        players: number(row.participants),
        right: right.and_then(|right| u16::try_from(right).ok()),
        may_report: row.may_report,
        self_paced: number(row.self_paced),
        mine_self_paced: row.mine_self_paced,
        mine: row.my_rank.zip(row.my_score).map(|(rank, score)| (number(rank), number(score))),
    }
}
