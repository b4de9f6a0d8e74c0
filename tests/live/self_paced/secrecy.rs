//! What nobody learns: answers before their question is closed, links of others, the host's page.

use super::{DAY, Past, turn_of};
use crate::common::Role;
use studyhall::{
    api::error::{AppError, Problem},
    domain::{
        live::blitz::{LEAD_IN_MS, PlayerPhase},
        time::minute,
    },
};

#[tokio::test]
async fn nothing_tells_an_answer_before_its_question_is_closed() {
    let past = Past::new().await;
    let ada = past.world.server.browser();
    past.begin(&ada, "Ada").await;
    let mut seen = vec![];
    let mut gather = async |closed: u32, open: bool| {
        let page = ada.get(&format!("/again/{}", past.token)).await;
        assert_eq!(page.status, 200);
        let look = ada.post("/api/self_paced_play", &[("token", &past.token)]).await.text();
        let own = ada.call("/api/live_result", &format!("?session={}", past.session)).await.text();
        // The wire's answer is packed into the page; look at it unpacked as well as at the page's own text.
        for (what, text) in [("page", page.text()), ("look", look), ("own result", own)] {
            for (n, question) in (0u32..).zip(&past.questions) {
                let explanation = format!("EXPLANATION of {}", question.prompt.text);
                let told = text.contains(&explanation);
                assert!(!told || n < closed, "{what}: {explanation} at {closed}");
                seen.push((what, n, told));
                let asked = text.contains(&question.prompt.text);
                assert!(!asked || n < closed || open && n == closed, "{what}: question {n} at {closed}");
            }
            if what == "look" && open {
                for key in ["solution", "\"correct\"", "distribution", "\"mine\""] {
                    assert!(!text.contains(key), "{key} in {text}");
                }
            }
        }
    };
    gather(0, false).await;
    for turn in 0..3 {
        past.step(&ada).await;
        gather(turn, true).await;
        let look = turn_of(&past.look(&ada).await);
        let PlayerPhase::LeadIn { prompt, .. } = look.view.phase else { panic!("{:?}", look.view.phase) };
        assert!(prompt.options.is_empty(), "no options in the lead-in");
        past.world.server.advance(LEAD_IN_MS);
        gather(turn, true).await;
        past.answer(&ada, turn, 0).await;
        gather(turn + 1, false).await;
    }
    for what in ["page", "look", "own result"] {
        assert!(seen.iter().any(|(w, _, told)| *w == what && *told), "{what} tells it afterwards");
    }
}

#[tokio::test]
async fn only_hosts_open_and_look_and_an_unknown_link_is_nothing() {
    let past = Past::new().await;
    let session = past.session;
    for (role, status) in [
        (Role::Anonymous, 401),
        (Role::Guest, 401),
        (Role::Member, 403),
        (Role::OtherTeacher, 404),
        (Role::Teacher, 200),
        (Role::Owner, 200),
        (Role::Admin, 404),
    ] {
        let browser = past.world.browser(role);
        let setup = browser.call("/api/self_paced_setup", &format!("?session={session}")).await;
        assert_eq!(setup.status, status, "{role:?}");
        assert!(status == 200 || !setup.text().contains(&past.token));
        let closes = minute(past.world.server.now() + DAY);
        let form = [("session", session.to_string()), ("closes", closes)];
        let opened = browser.post("/api/open_self_paced", &form).await.status;
        let closed = browser.post("/api/close_self_paced", &[("session", session)]).await.status;
        assert_eq!((opened, closed), (status, status), "{role:?}");
        let page = browser.get(&format!("/live/{session}/self-paced")).await;
        assert!(!page.text().contains(&past.token), "closed, or not for {role:?}");
    }
    let owner = past.world.browser(Role::Owner);
    for wrong in
        ["yesterday".to_owned(), minute(past.world.server.now() - DAY), minute(past.world.server.now() + 91 * DAY)]
    {
        let form = [("session", session.to_string()), ("closes", wrong)];
        let answer = owner.post("/api/open_self_paced", &form).await;
        assert_eq!((answer.status, answer.error()), (422, AppError::field("closes", Problem::Malformed)));
    }
    // In the teacher's zone: an hour before UTC.
    let closes = minute(past.world.server.now() + DAY);
    let form = [("session", session.to_string()), ("closes", closes), ("zone", "-60".into())];
    assert_eq!(owner.post("/api/open_self_paced", &form).await.status, 200);
    let row = past.world.server.state.db.self_paced_of(session).await.unwrap().unwrap();
    assert_eq!(row.closes_at / 60_000, (past.world.server.now() + DAY) / 60_000 - 60);
    for token in ["0".repeat(32), "x".into(), past.token.to_uppercase()] {
        let page = owner.get(&format!("/again/{token}")).await;
        assert_eq!(page.status, 404, "{token}");
        assert!(page.text().contains("This link leads to no quiz"));
    }
    let qr = past.world.server.browser().get(&format!("/qr/again/{}.svg", past.token)).await;
    assert!(qr.status == 200 && qr.header("content-type") == "image/svg+xml");
    assert_eq!(past.world.server.browser().get("/qr/again/..svg").await.status, 404);
    // A quiz that goes on has no later.
    let lobby = crate::common::start_lobby(&past.world.server, &owner, past.world.capitals).await;
    assert_eq!(owner.call("/api/self_paced_setup", &format!("?session={lobby}")).await.status, 409);
}
