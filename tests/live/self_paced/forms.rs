//! The pages without JavaScript.

use super::{Past, option};
use studyhall::domain::live::blitz::LEAD_IN_MS;

#[tokio::test]
async fn the_forms_work_without_a_script() {
    let past = Past::new().await;
    let (server, ada) = (&past.world.server, past.world.server.browser());
    let page = format!("/again/{}", past.token);
    let token = ("token", past.token.clone());
    let door = ada.get(&page).await.text();
    assert!(door.contains("action=\"/api/join_self_paced\"") && door.contains("Your name"), "{door}");
    let wrong = ada.submit("/api/join_self_paced", &page, &[token.clone(), ("name", "Gulliver".into())]).await;
    assert_eq!(wrong.status, 302);
    let back = ada.get(wrong.header("location")).await.text();
    assert!(back.contains("Gulliver 2") && back.contains("value=\"Gulliver\""), "{back}");
    let joined = ada.submit("/api/join_self_paced", &page, &[token.clone(), ("name", "Ada".into())]).await;
    assert_eq!((joined.status, joined.header("location")), (302, page.as_str()));
    assert!(joined.header("set-cookie").contains("HttpOnly"));
    let ready = ada.get(&page).await.text();
    assert!(ready.contains("Ready, Ada?") && ready.contains("action=\"/api/step_self_paced\""), "{ready}");
    let step = ada.submit("/api/step_self_paced", &page, &[token.clone(), ("seen", "0".into())]).await;
    assert_eq!(step.header("location"), page);
    let lead_in = ada.get(&page).await.text();
    assert!(lead_in.contains("http-equiv=\"refresh\"") && !lead_in.contains("name=\"choice\""), "{lead_in}");
    server.advance(LEAD_IN_MS);
    let question = ada.get(&page).await.text();
    for part in ["action=\"/api/answer_self_paced\"", "name=\"choice\"", "answer-a", "answer-letter", "answer-shape"] {
        assert!(question.contains(part), "{part} in {question}");
    }
    let stale = ada.submit("/api/step_self_paced", &page, &[token.clone(), ("seen", "0".into())]).await;
    assert_eq!(stale.header("location"), format!("{page}?refused=stale"));
    assert!(ada.get(stale.header("location")).await.text().contains("This page was out of date."));
    let choice = option(&past.questions[0], true).to_string();
    let answer = [token.clone(), ("card_index", "0".into()), ("choice", choice)];
    assert_eq!(ada.submit("/api/answer_self_paced", &page, &answer).await.header("location"), page);
    let again = ada.submit("/api/answer_self_paced", &page, &answer).await;
    assert_eq!(again.header("location"), format!("{page}?refused=already_answered"));
    let reveal = ada.get(&page).await.text();
    for part in ["EXPLANATION", "In the room 1 of 2 were right.", "Next question", "Place 1 of 3"] {
        assert!(reveal.contains(part), "{part} in {reveal}");
    }
}
