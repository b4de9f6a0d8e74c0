//! Every socket command × every role. The match in `commands` does not compile without each command.

use crate::common::{Role, Socket, World};
use studyhall::{
    domain::{
        ids::MessageId,
        live::{
            blitz::Control,
            question::Answer,
            study_room::{Reaction, Refusal, Rules, TimerStep},
        },
        presence::{Activity, Status},
    },
    protocol::{Channel, Command, Refused, RoomAct, ServerFrame},
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
        Command::InRoom { session, act: RoomAct::Leave },
        Command::ControlLiveSession { session, seen: 9, control: Control::Lock },
        Command::TellSureness { session, card_index: 0, sure: true },
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
                // Of a study room; this session is a quiz. See `room_acts`.
                Command::InRoom { .. } => "room",
                Command::ControlLiveSession { .. } => "control",
                Command::TellSureness { .. } => "sure",
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
                ("room", Role::Anonymous | Role::Guest) => matches!(refused, Refused::SignInRequired),
                ("join" | "seat" | "room", _) => matches!(refused, Refused::NotFound),
                ("submit" | "sure", Role::Guest) => matches!(refused, Refused::Live(_)),
                ("status" | "activity" | "touch", Role::Anonymous | Role::Guest) => {
                    matches!(refused, Refused::SignInRequired)
                }
                // Nobody chooses to be offline.
                ("status", _) => matches!(refused, Refused::Forbidden),
                ("activity", _) => matches!(refused, Refused::NotFound),
                ("submit" | "sure", _) => matches!(refused, Refused::NotFound),
                (_, Role::Teacher | Role::Owner) => matches!(refused, Refused::Live(_)),
                (_, Role::Anonymous | Role::Guest) => matches!(refused, Refused::SignInRequired),
                (_, Role::Member) => matches!(refused, Refused::Forbidden),
                (_, Role::OtherTeacher | Role::Admin) => matches!(refused, Refused::NotFound),
            };
            assert!(expected, "{name} as {role:?}: {refused:?}");
        }
    }
}

/// What somebody may do in a room who has not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Members of the group.
    Membership,
    /// Members who are in the room.
    Presence,
    /// Host and teachers.
    Moderation,
}

/// Each act once; a new one must be added here before the tests compile.
fn room_acts(world: &World) -> Vec<(Needs, RoomAct)> {
    let (message, user) = (MessageId(uuid::Uuid::from_u128(9)), world.user(Role::Member));
    let all = vec![
        RoomAct::SendMessage { message: MessageId(world.server.id()), text: "hello".into() },
        RoomAct::EditMessage { message, text: "hello".into() },
        RoomAct::DeleteMessage { message },
        RoomAct::Type,
        RoomAct::Mute { user, muted: false },
        RoomAct::RaiseHand { user, raised: false },
        RoomAct::React { reaction: Reaction::Yes },
        RoomAct::ShowCard { index: 0, revealed: false },
        RoomAct::Timer { step: TimerStep::Pause },
        RoomAct::SetRules { rules: Rules::default() },
        RoomAct::Leave,
        // The last: it closes the room.
        RoomAct::End,
    ];
    let needs = |act: &RoomAct| match act {
        RoomAct::SendMessage { .. }
        | RoomAct::EditMessage { .. }
        | RoomAct::DeleteMessage { .. }
        | RoomAct::RaiseHand { .. }
        | RoomAct::Leave => Needs::Membership,
        RoomAct::Type | RoomAct::React { .. } | RoomAct::ShowCard { .. } | RoomAct::Timer { .. } => Needs::Presence,
        RoomAct::Mute { .. } | RoomAct::SetRules { .. } | RoomAct::End => Needs::Moderation,
    };
    all.into_iter().map(|act| (needs(&act), act)).collect()
}

#[tokio::test]
async fn each_role_may_do_in_a_room_exactly_what_is_its() {
    for role in Role::ALL {
        let world = World::new().await;
        let mut socket = Socket::subscribed(&world.browser(role), &[]).await;
        for (needs, act) in room_acts(&world) {
            let name = format!("{act:?}");
            let done = socket.command(Command::InRoom { session: world.room, act }).await;
            let expected = match (role, needs) {
                (Role::Anonymous | Role::Guest, _) => matches!(done, Err(Refused::SignInRequired)),
                (Role::OtherTeacher | Role::Admin, _) => matches!(done, Err(Refused::NotFound)),
                (Role::Member, Needs::Moderation) => matches!(done, Err(Refused::Forbidden)),
                (_, Needs::Presence) => matches!(done, Err(Refused::Room(Refusal::NotInside))),
                // There is no such message, and the member is not in.
                (_, Needs::Membership) => {
                    matches!(done, Ok(_) | Err(Refused::NotFound | Refused::Forbidden | Refused::Room(_)))
                }
                (_, Needs::Moderation) => done.is_ok(),
            };
            assert!(expected, "{name} as {role:?}: {done:?}");
        }
        if matches!(role, Role::OtherTeacher | Role::Admin | Role::Anonymous | Role::Guest) {
            let mut socket = Socket::subscribed(&world.browser(role), &[Channel::StudyRoom(world.room)]).await;
            socket.wait(|frame| matches!(frame, ServerFrame::SubscriptionRefused { .. }).then_some(())).await;
        }
    }
}
