//! From a socket's command to the server's: one arm each, and each counts once.

use super::replies::Owner;
use crate::{
    domain::ids::LiveSessionId,
    protocol::{Command, Outcome, Refused},
    server::{
        live::{
            caller::Caller,
            commands::{
                AdvanceLiveSession, ControlLiveSession, EndLiveSession, JoinLiveSession, StartLiveSession,
                SubmitLiveAnswer, TellSureness,
            },
            room_act, seat,
        },
        state::AppState,
    },
};
use uuid::Uuid;

/// Carries a command out that arrived at `at`. A seat that it takes or shows is added to the caller.
pub async fn carry_out(
    state: &AppState,
    caller: &mut Caller,
    (connection, tab): (Uuid, Uuid),
    key: Uuid,
    command: Command,
    at: i64,
) -> Result<Outcome, Refused> {
    // Shows a secret to this connection, so that it must be looked at each time.
    if let Command::TakeSeat { session, secret } = &command {
        take_seat(state, caller, *session, secret).await?;
        return Ok(Outcome::Done);
    }
    // The last one counts, however often they come.
    if let Some(done) = presence(state, connection, &command).await {
        return done.map(|()| Outcome::Done);
    }
    let owner = caller.user().map_or(Owner::Tab(tab), Owner::User);
    let outcome = state.replies.once(owner, key, run(state, caller, key, command, at)).await?;
    if let Outcome::Joined { session, secret, .. } = &outcome
        && !secret.is_empty()
    {
        caller.add_seat(*session, seat::hash(secret));
    }
    Ok(outcome)
}

async fn run(state: &AppState, caller: &Caller, key: Uuid, command: Command, at: i64) -> Result<Outcome, Refused> {
    match command {
        Command::JoinLiveSession { pin, name } => {
            let taken = JoinLiveSession { pin, name, key, at }.run(state, caller).await?;
            let (session, participant) = (taken.session, taken.participant);
            return Ok(Outcome::Joined { session, participant, secret: taken.secret.unwrap_or_default() });
        }
        Command::StartLiveSession { session, seen } => {
            StartLiveSession { session, seen, key, at }.run(state, caller).await?;
        }
        Command::AdvanceLiveSession { session, seen } => {
            AdvanceLiveSession { session, seen, key, at }.run(state, caller).await?;
        }
        Command::EndLiveSession { session, seen } => {
            EndLiveSession { session, seen, key, at }.run(state, caller).await?;
        }
        Command::SubmitLiveAnswer { session, card_index, answer } => {
            SubmitLiveAnswer { session, card_index, answer, key, at }.run(state, caller).await?;
        }
        // Carried out before.
        Command::TakeSeat { .. }
        | Command::SetPresenceStatus { .. }
        | Command::SetPresenceActivity { .. }
        | Command::Touch => {}
        Command::InRoom { session, act } => {
            room_act::carry_out(state, caller, session, act, state.clock.steady()).await?
        }
        Command::ControlLiveSession { session, seen, control } => {
            ControlLiveSession { session, seen, control, key, at }.run(state, caller).await?;
        }
        Command::TellSureness { session, card_index, sure } => {
            TellSureness { session, card_index, sure, key, at }.run(state, caller).await?;
        }
    }
    Ok(Outcome::Done)
}

/// What a connection says of its person; `None` for all other commands.
async fn presence(state: &AppState, connection: Uuid, command: &Command) -> Option<Result<(), Refused>> {
    Some(match command {
        Command::SetPresenceStatus { status } => state.presence.choose_here(state, connection, *status).await,
        Command::SetPresenceActivity { activity } => state.presence.go(state, connection, *activity).await,
        Command::Touch => state.presence.touch(connection),
        _ => return None,
    })
}

async fn take_seat(state: &AppState, caller: &mut Caller, id: LiveSessionId, secret: &str) -> Result<(), Refused> {
    let session = state.live.session(id).await?;
    let hash = seat::hash(secret);
    session.seat(Some(hash), None).await?.ok_or(Refused::NotFound)?;
    caller.add_seat(id, hash);
    Ok(())
}
