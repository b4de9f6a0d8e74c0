//! Every socket command × every role. The match in `commands` does not compile without each command.

use crate::common::{Role, Socket, World};
use studyhall::{
    domain::{
        live::question::Answer,
        presence::{Activity, Status},
    },
    protocol::{Command, Refused},
};

/// Each command once; a new one must be added here before the tests compile.
fn commands(world: &World) -> Vec<(&'static str, Command)> {
    let session = world.session;
    let all = vec![
        Command::JoinLiveSession { pin: "100000".into(), name: "Mina".into() },
        Command::StartLiveSession { session, seen: 9 },
        Command::AdvanceLiveSession { session, seen: 9 },
        Command::EndLiveSession { session, seen: 9 },
        Command::SubmitLiveAnswer { session, card_index: 0, answer: Answer::Choice(0) },
        Command::TakeSeat { session, secret: "guess".into() },
        Command::SetPresenceStatus { status: Status::Offline },
        Command::SetPresenceActivity { activity: Some(Activity::Studying(world.deck)) },
        Command::Touch,
    ];
    all.into_iter()
        .map(|command| {
            let name = match command {
                Command::JoinLiveSession { .. } => "join",
                Command::StartLiveSession { .. } => "start",
                Command::AdvanceLiveSession { .. } => "advance",
                Command::EndLiveSession { .. } => "end",
                Command::SubmitLiveAnswer { .. } => "submit",
                Command::TakeSeat { .. } => "seat",
                Command::SetPresenceStatus { .. } => "status",
                Command::SetPresenceActivity { .. } => "activity",
                Command::Touch => "touch",
            };
            (name, command)
        })
        .collect()
}

#[tokio::test]
async fn each_role_may_exactly_what_is_its() {
    let world = World::new().await;
    for role in Role::ALL {
        let mut socket = Socket::subscribed(&world.browser(role), &[]).await;
        for (name, command) in commands(&world) {
            let answer = socket.command(command).await;
            let signed_in = !matches!(role, Role::Anonymous | Role::Guest);
            let in_group = matches!(role, Role::Member | Role::Teacher | Role::Owner);
            if (name == "activity" && in_group) || (name == "touch" && signed_in) {
                assert!(answer.is_ok(), "{name} as {role:?}: {answer:?}");
                continue;
            }
            let refused = answer.expect_err("each other is refused in the lobby, for its own reason");
            let expected = match (name, role) {
                // A wrong PIN and a guessed secret are the same to everybody.
                ("join" | "seat", _) => matches!(refused, Refused::NotFound),
                ("submit", Role::Guest) => matches!(refused, Refused::Live(_)),
                ("status" | "activity" | "touch", Role::Anonymous | Role::Guest) => {
                    matches!(refused, Refused::SignInRequired)
                }
                // Nobody chooses to be offline.
                ("status", _) => matches!(refused, Refused::Forbidden),
                ("activity", _) => matches!(refused, Refused::NotFound),
                ("submit", _) => matches!(refused, Refused::NotFound),
                (_, Role::Teacher | Role::Owner) => matches!(refused, Refused::Live(_)),
                (_, Role::Anonymous | Role::Guest) => matches!(refused, Refused::SignInRequired),
                (_, Role::Member) => matches!(refused, Refused::Forbidden),
                (_, Role::OtherTeacher | Role::Admin) => matches!(refused, Refused::NotFound),
            };
            assert!(expected, "{name} as {role:?}: {refused:?}");
        }
    }
}
