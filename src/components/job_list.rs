//! The background jobs and how their last runs went, for admins.

use crate::view::view;
use crate::{
    api::admin::{JobLine, LastRun},
    components::relative_time::RelativeTime,
    words::use_words,
};
use leptos::prelude::*;

pub fn job_list(jobs: Vec<JobLine>) -> AnyView {
    let words = &use_words().admin;
    view! {
        <section class="stack" aria-labelledby="jobs">
            <h2 id="jobs">{words.jobs}</h2>
            <div class="table-wrap">
                <table class="table table-stack">
                    <thead>
                        <tr>
                            <th scope="col">{words.job}</th>
                            <th scope="col">{words.last_run}</th>
                            <th scope="col">{words.next_run}</th>
                        </tr>
                    </thead>
                    <tbody>{jobs.into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(job: JobLine) -> AnyView {
    let words = &use_words().admin;
    let last = match job.last {
        None => view! { <span class="muted">{words.not_run}</span> },
        Some(LastRun { started_at, took_ms, failed, detail }) => {
            let took = took_ms.map_or_else(|| words.running.to_owned(), words.took);
            view! {
                <RelativeTime at=started_at />
                <p class="small muted">
                    {failed.then(|| view! { <span class="badge badge-negative">{words.failed}</span> })} {detail} " · " {took}
                </p>
            }
        }
    };
    view! {
        <tr>
            <th scope="row">{job.name}</th>
            <td>{last}</td>
            <td>{(words.next_in)(job.every_min, job.next_in_min)}</td>
        </tr>
    }
}
