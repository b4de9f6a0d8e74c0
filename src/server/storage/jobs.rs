//! Runs of background jobs: who runs one, and what came of it.

use super::{Db, StoreError};
use sqlx::FromRow;

/// One run, for the operator. Times in Unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct JobRun {
    pub due_at: i64,
    pub started_at: i64,
    pub finished_at: Option<i64>,
    /// `running`, `done` or `failed`.
    pub result: String,
    pub detail: String,
}

impl Db {
    /// Takes the run of `job` that is due at `due_at`; `false` when another server, or an earlier try, has it.
    pub async fn begin_job_run(&self, job: &str, due_at: i64, now: i64) -> Result<bool, StoreError> {
        let done = change!(self, conn => sqlx::query(
            "INSERT INTO job_runs (job, due_at, started_at, result, detail) VALUES ($1, $2, $3, 'running', '') \
             ON CONFLICT (job, due_at) DO NOTHING",
        )
        .bind(job)
        .bind(due_at)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        Ok(done == 1)
    }

    /// Notes the end of a run, and forgets runs that were due before `keep_since`.
    pub async fn end_job_run(
        &self,
        job: &str,
        due_at: i64,
        outcome: Result<&str, &str>,
        now: i64,
        keep_since: i64,
    ) -> Result<(), StoreError> {
        let (result, detail) = match outcome {
            Ok(detail) => ("done", detail),
            Err(detail) => ("failed", detail),
        };
        transaction!(self, tx => {
            sqlx::query("UPDATE job_runs SET finished_at = $3, result = $4, detail = $5 WHERE job = $1 AND due_at = $2")
                .bind(job)
                .bind(due_at)
                .bind(now)
                .bind(result)
                .bind(detail)
                .execute(&mut *tx)
                .await?;
            sqlx::query("DELETE FROM job_runs WHERE job = $1 AND due_at < $2")
                .bind(job)
                .bind(keep_since)
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }

    /// The last runs of a job, the newest first.
    pub async fn job_runs(&self, job: &str, limit: i64) -> Result<Vec<JobRun>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT due_at, started_at, finished_at, result, detail FROM job_runs WHERE job = $1 \
             ORDER BY due_at DESC LIMIT CAST($2 AS BIGINT)",
        )
        .bind(job)
        .bind(limit)
        .fetch_all(conn)
        .await?))
    }
}
