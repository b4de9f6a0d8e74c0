//! The authorisation matrix: every registered server function × every role → what the answer must be.
//! A function without a row, or a row without a function, fails.

use crate::common::{Role, World};
use reqwest::Method;
use std::collections::BTreeSet;

/// What an answer is allowed to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// Authorised: 2xx, or an answer that only somebody authorised gets (409, 422, 429).
    Ok,
    /// 401: sign in first.
    SignIn,
    /// 403: you may know that it exists, but not do this.
    No,
    /// 404: you may not know that it exists.
    Hidden,
}

use Expect::{Hidden, No, Ok as Yes, SignIn};

/// One server function, how to call it, and the expected answer by role in the order of [`Role::ALL`]:
/// anonymous, guest, member, teacher of another group, teacher, owner, admin.
struct Row {
    /// The function's name: its path is `/api/<name>`.
    name: &'static str,
    /// Its arguments, url-encoded, for this world and role. An argument that is not valid is fine (422 is "allowed"),
    /// as long as the function authorises before it looks at it.
    arguments: fn(&World, Role) -> String,
    expect: [Expect; 7],
}

fn none(_: &World, _: Role) -> String {
    String::new()
}

const EVERYBODY: [Expect; 7] = [Yes; 7];
const SIGNED_IN: [Expect; 7] = [SignIn, SignIn, Yes, Yes, Yes, Yes, Yes];
const ADMIN: [Expect; 7] = [Hidden, Hidden, Hidden, Hidden, Hidden, Hidden, Yes];
const GROUP: [Expect; 7] = [SignIn, SignIn, Yes, Hidden, Yes, Yes, Hidden];
const GROUP_TEACHER: [Expect; 7] = [SignIn, SignIn, No, Hidden, Yes, Yes, Hidden];

const GROUP_OWNER: [Expect; 7] = [SignIn, SignIn, No, Hidden, No, Yes, Hidden];

const HOST: [Expect; 7] = GROUP_TEACHER;
/// By the seat's secret alone.
const SEATED: [Expect; 7] = [Hidden, Yes, Hidden, Hidden, Hidden, Hidden, Hidden];

fn session(world: &World, _: Role) -> String {
    format!("session={}", world.session)
}

fn seen(world: &World, _: Role) -> String {
    format!("session={}&seen=0", world.session)
}

fn group(world: &World, _: Role) -> String {
    format!("group={}", world.group)
}

fn deck(world: &World, _: Role) -> String {
    format!("deck={}", world.deck)
}

/// Of a link that nobody made; whoever knows one that was made may play (tests/live/self_paced).
const TOKEN: &str = "token=00000000000000000000000000000000";

/// The matrix. Keep it sorted by resource, then name.
const MATRIX: &[Row] = &[
    // admin
    Row { name: "active_flags", arguments: none, expect: EVERYBODY },
    Row { name: "clear_flag", arguments: |_, _| "flag=REALTIME&group=".into(), expect: ADMIN },
    Row { name: "list_flags", arguments: none, expect: ADMIN },
    Row { name: "list_jobs", arguments: none, expect: ADMIN },
    Row { name: "list_users", arguments: |_, _| "search=&page=1".into(), expect: ADMIN },
    Row {
        name: "set_flag",
        arguments: |_, _| "flag=BLITZ_QUIZ&group=&enabled=false&percent=100".into(),
        expect: ADMIN,
    },
    Row {
        name: "set_user_role",
        arguments: |world, _| format!("user={}&role=teacher", world.user(Role::Member)),
        expect: ADMIN,
    },
    // account
    Row { name: "change_display_name", arguments: |_, _| "display_name=Mina".into(), expect: SIGNED_IN },
    Row { name: "change_password", arguments: |_, _| "current=x&password=y".into(), expect: SIGNED_IN },
    Row { name: "current_user", arguments: none, expect: EVERYBODY },
    Row { name: "end_all_other_sign_ins", arguments: none, expect: SIGNED_IN },
    // Somebody else's sign-in: hidden from everybody who is signed in.
    Row {
        name: "end_sign_in",
        arguments: |world, _| format!("sign_in={}", world.server.id::<uuid::Uuid>()),
        expect: [SignIn, SignIn, Hidden, Hidden, Hidden, Hidden, Hidden],
    },
    Row { name: "first_sign_up", arguments: none, expect: EVERYBODY },
    Row { name: "my_sign_ins", arguments: none, expect: SIGNED_IN },
    Row { name: "sign_in", arguments: |_, _| "email=a@b.test&password=".into(), expect: EVERYBODY },
    Row { name: "sign_out", arguments: none, expect: EVERYBODY },
    Row { name: "sign_up", arguments: |_, _| "email=&display_name=&password=".into(), expect: EVERYBODY },
    // cards
    Row { name: "add_card", arguments: |w, _| format!("deck={}&front=a&back=b", w.deck), expect: GROUP_TEACHER },
    Row {
        name: "change_cards",
        arguments: |w, _| format!("deck={}&action=tag&tag=x&cards[0]={}", w.deck, w.card),
        expect: GROUP_TEACHER,
    },
    Row {
        name: "edit_card",
        arguments: |w, _| {
            let fields = "front=a&back=b&hint=&explanation=&aliases=&tags=&category=";
            format!("deck={}&card={}&{fields}", w.deck, w.card)
        },
        expect: GROUP_TEACHER,
    },
    Row { name: "get_card", arguments: |w, _| format!("deck={}&card={}", w.deck, w.card), expect: GROUP },
    Row { name: "list_cards", arguments: |w, _| format!("deck={}&search=&category=&page=1", w.deck), expect: GROUP },
    Row {
        name: "move_card",
        arguments: |w, _| format!("deck={}&card={}&place=1", w.deck, w.card),
        expect: GROUP_TEACHER,
    },
    Row { name: "render_markdown", arguments: |_, _| "text=a".into(), expect: SIGNED_IN },
    Row {
        name: "restore_cards",
        arguments: |w, _| format!("deck={}&deletion={}", w.deck, w.card),
        expect: GROUP_TEACHER,
    },
    // decks
    Row { name: "create_category", arguments: |w, _| format!("deck={}&name=Asia", w.deck), expect: GROUP_TEACHER },
    Row { name: "create_deck", arguments: |w, _| format!("title=Rivers&group={}", w.group), expect: GROUP_TEACHER },
    Row {
        name: "delete_category",
        arguments: |w, _| format!("deck={}&category={}", w.deck, w.category),
        // Teacher first; for the owner it is gone then.
        expect: [SignIn, SignIn, No, Hidden, Yes, Hidden, Hidden],
    },
    Row { name: "get_deck_access", arguments: deck, expect: GROUP },
    Row { name: "group_decks", arguments: group, expect: GROUP },
    Row { name: "delete_deck", arguments: deck, expect: [SignIn, SignIn, No, Hidden, Yes, Hidden, Hidden] },
    Row { name: "get_deck", arguments: deck, expect: GROUP },
    Row { name: "list_decks", arguments: |_, _| "search=&page=1".into(), expect: SIGNED_IN },
    Row {
        name: "move_category",
        arguments: |w, _| format!("deck={}&category={}&place=1", w.deck, w.category),
        expect: GROUP_TEACHER,
    },
    Row {
        name: "rename_category",
        arguments: |w, _| format!("deck={}&category={}&name=Asia", w.deck, w.category),
        expect: GROUP_TEACHER,
    },
    Row { name: "rename_deck", arguments: |w, _| format!("deck={}&title=Rivers", w.deck), expect: GROUP_TEACHER },
    Row { name: "restore_deck", arguments: deck, expect: GROUP_TEACHER },
    // imports: what waits is its uploader's, here the teacher's
    Row {
        name: "confirm_import",
        arguments: |w, _| format!("import={}&encoding=&separator=&row_end=&header=&columns=", w.import),
        // Once it is confirmed, a colleague may repeat it, which adds nothing.
        expect: GROUP_TEACHER,
    },
    Row {
        name: "preview_import",
        arguments: |w, _| format!("import={}&encoding=&separator=&row_end=&header=&columns=&page=1", w.import),
        expect: [SignIn, SignIn, No, Hidden, Yes, Hidden, Hidden],
    },
    Row {
        name: "undo_import",
        arguments: |w, _| format!("import={}", w.import),
        expect: [SignIn, SignIn, No, Hidden, Yes, Hidden, Hidden],
    },
    // forms: what somebody typed is theirs
    Row {
        name: "kept_form",
        arguments: |world, _| format!("kept={}", world.server.id::<uuid::Uuid>()),
        expect: [SignIn, SignIn, Hidden, Hidden, Hidden, Hidden, Hidden],
    },
    // groups
    Row { name: "accept_invite", arguments: |_, _| "code=ABCD2345".into(), expect: SIGNED_IN },
    Row {
        name: "change_member_role",
        arguments: |world, _| format!("group={}&user={}&role=teacher", world.group, world.user(Role::Member)),
        expect: GROUP_OWNER,
    },
    Row {
        name: "create_group",
        arguments: |_, _| "name=Physics".into(),
        expect: [SignIn, SignIn, No, Yes, Yes, Yes, Yes],
    },
    Row { name: "create_invite", arguments: group, expect: GROUP_TEACHER },
    Row { name: "delete_group", arguments: group, expect: GROUP_OWNER },
    // Tells nobody anything about a group that is not theirs and just deleted.
    Row { name: "deleted_group", arguments: group, expect: SIGNED_IN },
    Row { name: "group", arguments: group, expect: GROUP },
    Row { name: "invite", arguments: |_, _| "code=ABCD2345".into(), expect: [Hidden; 7] },
    Row { name: "invites", arguments: group, expect: GROUP_TEACHER },
    // The last owner may not leave: 422.
    Row { name: "leave_group", arguments: group, expect: GROUP },
    Row { name: "my_groups", arguments: none, expect: SIGNED_IN },
    Row { name: "taught_groups", arguments: none, expect: SIGNED_IN },
    Row {
        name: "remove_member",
        arguments: |world, _| format!("group={}&user={}", world.group, world.user(Role::Owner)),
        // A teacher takes out members, not the owner; the owner not the last owner (422).
        expect: [SignIn, SignIn, No, Hidden, No, Yes, Hidden],
    },
    Row {
        name: "rename_group",
        arguments: |world, _| format!("group={}&name=Physics", world.group),
        expect: GROUP_OWNER,
    },
    // Nothing was deleted, so there is nothing to bring back.
    Row { name: "restore_group", arguments: group, expect: [SignIn, SignIn, Hidden, Hidden, Hidden, Hidden, Hidden] },
    Row {
        name: "revoke_invite",
        arguments: |world, _| format!("group={}&code=ABCD2345", world.group),
        expect: [SignIn, SignIn, No, Hidden, Hidden, Hidden, Hidden],
    },
    // live sessions
    Row {
        name: "adjust_live_question",
        arguments: |world, _| format!("session={}&seen=0&index=0&worth=&time_limit_s=&explanation=", world.session),
        expect: HOST,
    },
    Row { name: "advance_live_session", arguments: seen, expect: HOST },
    Row {
        name: "drop_live_question",
        arguments: |world, _| format!("session={}&seen=0&index=0", world.session),
        expect: HOST,
    },
    Row { name: "continue_live_session", arguments: seen, expect: HOST },
    Row {
        name: "control_live_session",
        arguments: |world, _| format!("session={}&seen=0&action=lock", world.session),
        expect: HOST,
    },
    // A quiz without teams: 409, but only for somebody with a seat.
    Row { name: "choose_live_team", arguments: |world, _| format!("session={}&team=0", world.session), expect: SEATED },
    // There is no next session yet: 404 for everybody.
    Row { name: "follow_live_session", arguments: session, expect: [Hidden; 7] },
    Row { name: "blitz_setup", arguments: deck, expect: GROUP_TEACHER },
    Row {
        name: "create_live_session",
        arguments: |world, _| {
            let key = world.server.id::<uuid::Uuid>();
            format!("deck={}&category=&card_count=3&time_limit_s=20&answers=choice&key={key}", world.deck)
        },
        expect: GROUP_TEACHER,
    },
    Row { name: "end_live_session", arguments: seen, expect: HOST },
    // Who knows no PIN learns only that it is wrong.
    Row { name: "join_live_session", arguments: |_, _| "pin=100000&name=Mina".into(), expect: EVERYBODY },
    Row { name: "live_host_view", arguments: session, expect: HOST },
    Row { name: "live_player_view", arguments: session, expect: SEATED },
    Row { name: "live_preview", arguments: session, expect: HOST },
    Row {
        name: "live_session_leaderboard",
        arguments: session,
        expect: [Hidden, Yes, Hidden, Hidden, Yes, Yes, Hidden],
    },
    // The session is still on: 409 for who may ask.
    Row { name: "live_report", arguments: session, expect: HOST },
    Row { name: "live_result", arguments: session, expect: SEATED },
    Row { name: "past_live_sessions", arguments: |world, _| format!("group={}&page=1", world.group), expect: GROUP },
    // An account of one's own and a guest's seat: nobody here has both.
    Row {
        name: "claim_live_result",
        arguments: session,
        expect: [SignIn, SignIn, Hidden, Hidden, Hidden, Hidden, Hidden],
    },
    Row { name: "live_session_participants", arguments: session, expect: HOST },
    Row { name: "live_sessions_of_group", arguments: group, expect: GROUP },
    Row { name: "live_sessions_of_my_groups", arguments: none, expect: SIGNED_IN },
    Row { name: "start_live_session", arguments: seen, expect: HOST },
    // In the lobby an answer comes too early (409), but only from somebody with a seat.
    Row {
        name: "submit_live_answer",
        arguments: |world, _| format!("session={}&card_index=0&choice=0", world.session),
        expect: SEATED,
    },
    // self-paced play: nothing has ended in this world, so that hosts hear 409
    Row { name: "answer_self_paced", arguments: |_, _| format!("{TOKEN}&card_index=0&choice=0"), expect: [Hidden; 7] },
    Row { name: "close_self_paced", arguments: session, expect: HOST },
    Row { name: "join_self_paced", arguments: |_, _| format!("{TOKEN}&name=Mina"), expect: [Hidden; 7] },
    Row {
        name: "open_self_paced",
        arguments: |world, _| format!("session={}&closes=2026-01-05T10:00&timed=on", world.session),
        expect: HOST,
    },
    Row { name: "self_paced_play", arguments: |_, _| TOKEN.into(), expect: [Hidden; 7] },
    Row { name: "self_paced_setup", arguments: session, expect: HOST },
    Row { name: "step_self_paced", arguments: |_, _| format!("{TOKEN}&seen=0"), expect: [Hidden; 7] },
    // Nothing was answered yet (409), and nothing revealed; the latter also needs an account, which nobody with a seat has.
    Row {
        name: "tell_sureness",
        arguments: |world, _| format!("session={}&card_index=0&sure=true", world.session),
        expect: SEATED,
    },
    Row {
        name: "take_live_card",
        arguments: |world, _| format!("session={}&card_index=0", world.session),
        expect: [SignIn, SignIn, Hidden, Hidden, Hidden, Hidden, Hidden],
    },
    // presence
    Row { name: "group_presence", arguments: group, expect: GROUP },
    Row { name: "set_presence_status", arguments: |_, _| "status=online".into(), expect: SIGNED_IN },
    // study rooms: for the members of their group alone
    Row { name: "open_study_room", arguments: |w, _| format!("deck={}", w.capitals), expect: GROUP },
    Row { name: "room_cards", arguments: |w, _| format!("session={}&from=0", w.room), expect: GROUP },
    Row { name: "room_messages", arguments: |w, _| format!("session={}&before=9", w.room), expect: GROUP },
    // Tells nobody anything about a room that is not theirs.
    Row { name: "room_of_quiz", arguments: session, expect: EVERYBODY },
    Row { name: "send_room_message", arguments: |w, _| format!("session={}&text=hello", w.room), expect: GROUP },
    Row { name: "study_room", arguments: |w, _| format!("session={}", w.room), expect: GROUP },
    Row { name: "study_rooms", arguments: group, expect: GROUP },
    // theme
    Row { name: "set_theme", arguments: |_, _| "theme=dark".into(), expect: EVERYBODY },
];

#[test]
fn every_server_function_has_a_row_and_every_row_a_function() {
    let registered: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/api/").to_owned())
        .collect();
    let rows: BTreeSet<String> = MATRIX.iter().map(|row| row.name.to_owned()).collect();
    assert!(!registered.is_empty());
    assert_eq!(rows.len(), MATRIX.len(), "a row is there twice");
    let missing: Vec<_> = registered.difference(&rows).collect();
    assert!(missing.is_empty(), "server functions without a row in tests/http/authorization.rs: {missing:?}");
    let stale: Vec<_> = rows.difference(&registered).collect();
    assert!(stale.is_empty(), "rows without a server function: {stale:?}");
}

#[tokio::test]
async fn each_role_may_exactly_what_the_matrix_says() {
    let methods: Vec<(&str, Method)> = leptos::server_fn::axum::server_fn_paths().collect();
    let mut wrong = Vec::new();
    for row in MATRIX {
        let path = format!("/api/{}", row.name);
        let method = methods.iter().find(|(p, _)| *p == path).map(|(_, method)| method.clone()).unwrap();
        // A world of its own for each row: what one call changes must not decide the next row.
        let world = World::new().await;
        for (role, expect) in Role::ALL.into_iter().zip(row.expect) {
            let (browser, arguments) = (world.browser(role), (row.arguments)(&world, role));
            let answer = if method == Method::GET {
                browser.call(&path, &format!("?{arguments}")).await
            } else {
                let request = browser
                    .request(method.clone(), &path)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(arguments);
                crate::common::Answer::of(request).await
            };
            let as_expected = match expect {
                Yes => matches!(answer.status, 200..300 | 409 | 422 | 429),
                SignIn => answer.status == 401,
                No => answer.status == 403,
                Hidden => answer.status == 404,
            };
            if !as_expected {
                wrong.push(format!(
                    "{} as {role:?}: {} instead of {expect:?}: {}",
                    row.name,
                    answer.status,
                    answer.text()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
