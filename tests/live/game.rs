//! A game from the lobby to the end, over the real socket.

use crate::common::{Browser, Role, Socket, World, eventually, join};
use studyhall::{
    domain::live::{
        blitz::{HostPhase, LEAD_IN_MS, PlayerPhase, Refusal},
        question::Answer,
    },
    protocol::{Channel, ChannelEvent, Command, Outcome, Refused, ServerFrame},
};

/// A host, two players, all watching the world's session.
pub struct Game {
    pub world: World,
    pub host: Socket,
    pub players: Vec<Socket>,
    pub browsers: Vec<Browser>,
}

impl Game {
    pub async fn new() -> Self {
        let world = World::new().await;
        let (session, owner) = (world.session, world.browser(Role::Owner));
        let mut host = Socket::subscribed(&owner, &[Channel::LiveHost(session)]).await;
        let (mut players, mut browsers) = (vec![], vec![]);
        for name in ["Ada", "Ben"] {
            let browser = world.server.browser();
            join(&world.server, session, &browser, name).await;
            let mut player = Socket::subscribed(&browser, &[Channel::LivePlayer(session)]).await;
            player.player(|view| matches!(view.phase, PlayerPhase::Lobby)).await;
            players.push(player);
            browsers.push(browser);
        }
        // The world's guest never connects: it must not be waited for.
        world.server.advance(9_000);
        host.host(|view| view.players == 3).await;
        Self { world, host, players, browsers }
    }

    pub async fn start(&mut self) {
        let command = Command::StartLiveSession { session: self.world.session, seen: 0 };
        assert_eq!(self.host.command(command).await, Ok(Outcome::Done));
    }

    pub async fn advance(&mut self, seen: u32) {
        let command = Command::AdvanceLiveSession { session: self.world.session, seen };
        assert_eq!(self.host.command(command).await, Ok(Outcome::Done));
    }

    /// Lets the lead-in pass; everybody sees the options.
    pub async fn open(&mut self, index: u32) {
        self.world.server.advance(LEAD_IN_MS);
        for player in &mut self.players {
            player
                .player(|view| matches!(view.phase, PlayerPhase::Answering { progress, .. } if progress.index == index))
                .await;
        }
    }

    pub async fn answer(&mut self, player: usize, card_index: u32, option: u8) -> Result<Outcome, Refused> {
        let answer = Answer::Choice(option);
        self.players[player]
            .command(Command::SubmitLiveAnswer { session: self.world.session, card_index, answer })
            .await
    }
}

#[tokio::test]
async fn a_game_from_the_lobby_to_the_podium() {
    let mut game = Game::new().await;
    game.start().await;
    for index in 0..3 {
        for player in &mut game.players {
            let view = player.player(|view| matches!(view.phase, PlayerPhase::LeadIn { .. })).await;
            let PlayerPhase::LeadIn { prompt, remaining_ms, .. } = view.phase else { unreachable!() };
            assert!(prompt.options.is_empty() && i64::from(remaining_ms) <= LEAD_IN_MS);
        }
        game.open(index).await;
        game.world.server.advance(2_000);
        // One tries all the options' numbers, one a fixed one: over the game some are right, some wrong.
        assert_eq!(game.answer(0, index, 0).await, Ok(Outcome::Done));
        // Counts are told at most ten times a second.
        game.world.server.advance(100);
        let host = game.host.wait(|frame| match frame {
            ServerFrame::Changed { event: ChannelEvent::AnswersCounted { answered, expected, .. }, .. } => {
                Some((*answered, *expected))
            }
            _ => None,
        });
        assert_eq!(host.await, (1, 2));
        assert_eq!(game.answer(1, index, 1).await, Ok(Outcome::Done));
        let mut right = 0;
        for player in &mut game.players {
            let view = player.player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;
            let PlayerPhase::Reveal { mine: Some(mine), solution, distribution, .. } = view.phase else { panic!() };
            assert_eq!(mine.correct, mine.answer == Answer::Choice(solution.correct[0]));
            assert_eq!(
                mine.points,
                [950, 948][usize::from(mine.answer == Answer::Choice(1))] * u32::from(mine.correct)
            );
            assert_eq!(distribution.iter().sum::<u32>(), 2);
            right += u32::from(mine.correct);
        }
        assert!(right <= 1, "two different options are not both right");
        let view = game.host.host(|view| matches!(view.phase, HostPhase::Reveal { .. })).await;
        game.advance(view.revision).await;
        if index < 2 {
            let view = game.host.host(|view| matches!(view.phase, HostPhase::Leaderboard { .. })).await;
            game.advance(view.revision).await;
        }
    }
    let podium = game.host.host(|view| matches!(view.phase, HostPhase::Podium { .. })).await;
    game.advance(podium.revision).await;
    let ended = game.host.host(|view| matches!(view.phase, HostPhase::Ended { completed: true, .. })).await;
    assert_eq!(ended.pin, None, "the PIN is free again");

    // The tables say what the game said.
    let (db, session) = (&game.world.server.state.db, game.world.session);
    assert_eq!(db.live_session(session).await.unwrap().status, "completed");
    for row in db.live_session_participants(session).await.unwrap() {
        let sums = db.live_session_answer_sums(row.id.into()).await.unwrap();
        assert_eq!((row.total_answers, row.total_score), sums, "totals are the sums of the answers");
        assert!(row.rank.is_some());
    }
}

#[tokio::test]
async fn a02_nothing_that_players_get_before_the_reveal_has_the_key() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
    let everything: Vec<String> =
        game.players.iter().flat_map(|p| &p.received).map(|frame| serde_json::to_string(frame).unwrap()).collect();
    assert!(everything.iter().any(|frame| frame.contains("answering")), "the question did arrive");
    for frame in &everything {
        for secret in ["EXPLANATION", "solution", "\"correct\"", "secret", "\"points\""] {
            assert!(!frame.contains(secret), "{secret} in {frame}");
        }
    }
    // The page's own first view neither.
    let view = game.browsers[0].post("/api/live_player_view", &[("session", game.world.session.to_string())]).await;
    assert!(view.text().contains("answering") && !view.text().contains("EXPLANATION"), "{}", view.text());
    let page = game.browsers[0].get(&format!("/live/{}/play", game.world.session)).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("EXPLANATION"));
}

#[tokio::test]
async fn a05_a_seats_secret_is_told_to_nobody() {
    let game = Game::new().await;
    let secrets: Vec<String> = game
        .browsers
        .iter()
        .filter_map(|b| b.cookies().rsplit_once('=').map(|(_, secret)| secret.to_owned()))
        .collect();
    assert_eq!(secrets.len(), 2);
    let frames = game.players.iter().chain([&game.host]).flat_map(|socket| &socket.received);
    for frame in frames.map(|frame| serde_json::to_string(frame).unwrap()) {
        assert!(secrets.iter().all(|secret| !frame.contains(secret)), "{frame}");
    }
}

#[tokio::test]
async fn a01_an_answer_counts_once_in_time_and_for_its_own_question() {
    let mut game = Game::new().await;
    assert_eq!(game.answer(0, 0, 0).await, Err(Refused::Live(Refusal::TooEarly)), "in the lobby");
    game.start().await;
    assert_eq!(game.answer(0, 0, 0).await, Err(Refused::Live(Refusal::TooEarly)), "in the lead-in");
    game.open(0).await;
    assert_eq!(game.answer(0, 1, 0).await, Err(Refused::Live(Refusal::WrongQuestion)));
    assert_eq!(game.answer(0, 0, 9).await, Err(Refused::Live(Refusal::Malformed)));
    let key = uuid::Uuid::new_v4();
    let session = game.world.session;
    let command = |option| Command::SubmitLiveAnswer { session, card_index: 0, answer: Answer::Choice(option) };
    assert_eq!(game.players[0].command_with(key, command(0)).await, Ok(Outcome::Done));
    assert_eq!(game.players[0].command_with(key, command(0)).await, Ok(Outcome::Done), "re-sent after a lost answer");
    assert_eq!(game.answer(0, 0, 1).await, Err(Refused::Live(Refusal::AlreadyAnswered)));
    game.world.server.advance(20_501);
    game.players[1].player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;
    assert_eq!(game.answer(1, 0, 0).await, Err(Refused::Live(Refusal::TooLate)));
    let rows = game.world.server.state.db.live_session_participants(session).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.total_answers).sum::<i64>(), 1);
}

#[tokio::test]
async fn a03_hundreds_of_concurrent_repeats_are_one_answer() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let form = |choice: u32| {
        [("session", game.world.session.to_string()), ("card_index", "0".into()), ("choice", choice.to_string())]
    };
    let tries = (0..40).map(|n| {
        let (browser, form) = (game.browsers[0].clone(), form(n % 4));
        async move { browser.post("/api/submit_live_answer", &form).await.status }
    });
    let statuses = futures::future::join_all(tries).await;
    assert!(statuses.contains(&200) && statuses.iter().all(|status| matches!(status, 200 | 409)), "{statuses:?}");
    let rows = game.world.server.state.db.live_session_participants(game.world.session).await.unwrap();
    let ada = rows.iter().find(|row| row.name == "Ada").unwrap();
    assert_eq!(ada.total_answers, 1);
    let sums = game.world.server.state.db.live_session_answer_sums(ada.id.into()).await.unwrap();
    assert_eq!(sums, (1, ada.total_score));
}

#[tokio::test]
async fn a04_two_hosts_clicking_at_once_move_one_step() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let session = game.world.session;
    let mut second = Socket::subscribed(&game.world.browser(Role::Teacher), &[Channel::LiveHost(session)]).await;
    let seen = second.host(|view| matches!(view.phase, HostPhase::Answering { .. })).await.revision;
    let command = Command::AdvanceLiveSession { session, seen };
    let (one, other) = tokio::join!(game.host.command(command.clone()), second.command(command));
    let outcomes = [one, other];
    assert!(
        outcomes.contains(&Ok(Outcome::Done)) && outcomes.contains(&Err(Refused::Live(Refusal::Stale))),
        "{outcomes:?}"
    );
    let view = second.host(|view| view.revision > seen).await;
    assert!(matches!(view.phase, HostPhase::Reveal { .. }) && view.revision == seen + 1);
}

#[tokio::test]
async fn a12_nothing_crosses_between_two_games() {
    let mut game = Game::new().await;
    let owner = game.world.browser(Role::Owner);
    let other = crate::common::start_lobby(&game.world.server, &owner, game.world.capitals).await;
    let browser = game.world.server.browser();
    join(&game.world.server, other, &browser, "Ada").await;
    let mut stranger = Socket::subscribed(&browser, &[Channel::LivePlayer(other)]).await;
    stranger.player(|_| true).await;
    game.start().await;
    game.open(0).await;
    let answer = Command::SubmitLiveAnswer { session: game.world.session, card_index: 0, answer: Answer::Choice(0) };
    assert_eq!(stranger.command(answer).await, Err(Refused::NotFound));
    let foreign = stranger.received.iter().filter(|frame| match frame {
        ServerFrame::Changed { channel, .. } => *channel != Channel::LivePlayer(other),
        _ => false,
    });
    assert_eq!(foreign.count(), 0);
}

#[tokio::test]
async fn a07_the_host_closing_the_laptop_leaves_the_question_to_its_end() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let Game { world, host, mut players, .. } = game;
    host.vanish();
    eventually("the lost line is noticed", async || world.server.state.hub.connections().count() == 2).await;
    world.server.advance(20_501);
    for player in &mut players {
        player.player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;
    }
    let mut back = Socket::subscribed(&world.browser(Role::Owner), &[Channel::LiveHost(world.session)]).await;
    let view = back.host(|_| true).await;
    assert!(matches!(view.phase, HostPhase::Reveal { .. }), "the host is where the class is");
}

#[tokio::test]
async fn a07_a_session_that_everybody_has_left_ends_by_itself_and_keeps_its_results() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
    let Game { world, host, players, .. } = game;
    host.vanish();
    players.into_iter().for_each(Socket::vanish);
    let handle = world.server.state.live.session(world.session).await.unwrap();
    until("the timer closes the question", &world, 21_000, async || {
        matches!(handle.host_view().await.unwrap().phase, HostPhase::Reveal { .. })
    })
    .await;
    let db = &world.server.state.db;
    // Nobody comes for four hours: the podium; and nobody for four more: the end.
    for _ in 0..2 {
        world.server.advance(4 * 60 * 60 * 1_000);
        until("it goes on alone", &world, 61_000, async || {
            !matches!(handle.host_view().await.unwrap().phase, HostPhase::Reveal { .. })
        })
        .await;
    }
    until("it ends", &world, 61_000, async || db.live_session(world.session).await.unwrap().status == "completed")
        .await;
    assert_eq!(db.live_session(world.session).await.unwrap().pin, None);
    assert_eq!(db.live_session_answers(world.session).await.unwrap().len(), 1);
    let report = world.browser(Role::Owner).call("/api/live_report", &format!("?session={}", world.session)).await;
    assert_eq!(report.status, 200, "{}", report.text());
}

/// Lets so much time pass, and waits until it has led to what the test expects.
async fn until(what: &str, world: &World, pass: i64, met: impl AsyncFn() -> bool) {
    world.server.advance(pass);
    eventually(what, async || met().await).await;
}

#[tokio::test]
async fn a09_all_players_dropping_at_once_close_the_question_and_find_their_scores_again() {
    let mut game = Game::new().await;
    let session = game.world.session;
    game.start().await;
    game.open(0).await;
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
    std::mem::take(&mut game.players).into_iter().for_each(Socket::vanish);
    // Who was here a moment ago still counts; after that nobody is left to wait for.
    let handle = game.world.server.state.live.session(session).await.unwrap();
    let server = &game.world.server;
    eventually("the lost lines are noticed", async || server.state.hub.connections().count() == 1).await;
    let opened = server.now();
    eventually("the empty room closes the question", async || {
        server.advance(500);
        assert!(server.now() - opened < 19_000, "closed by the timer, not by the empty room");
        // The actor wakes up by the clock that was moved, in its own time.
        let met = matches!(handle.host_view().await.unwrap().phase, HostPhase::Reveal { answered: 1, .. });
        if !met {
            game.host.settle().await;
        }
        met
    })
    .await;
    // An empty room waits for the timer and not for ever.
    let view = game.host.host(|view| matches!(view.phase, HostPhase::Reveal { .. })).await;
    game.advance(view.revision).await;
    game.advance(view.revision + 1).await;
    until("the next one opens", &game.world, LEAD_IN_MS, async || {
        matches!(handle.host_view().await.unwrap().phase, HostPhase::Answering { .. })
    })
    .await;
    until("the timer closes it", &game.world, 20_501, async || {
        matches!(handle.host_view().await.unwrap().phase, HostPhase::Reveal { answered: 0, .. })
    })
    .await;
    let mut scores = vec![];
    for browser in &game.browsers {
        let mut back = Socket::subscribed(browser, &[Channel::LivePlayer(session)]).await;
        scores.push(back.player(|_| true).await.me.score);
    }
    let rows = game.world.server.state.db.live_session_participants(session).await.unwrap();
    let stored = |name| rows.iter().find(|row| row.name == name).map(|row| row.total_score as u32);
    assert_eq!([Some(scores[0]), Some(scores[1])], ["Ada", "Ben"].map(stored));
}

#[tokio::test]
async fn a15_a_clock_that_is_set_moves_no_deadline_and_no_points() {
    let mut game = Game::new().await;
    let session = game.world.session;
    game.start().await;
    game.open(0).await;
    game.world.server.advance(5_000);
    for step in [3_600_000, -7_200_000] {
        game.world.server.step(step);
        let view = game.browsers[0].post("/api/live_player_view", &[("session", session.to_string())]).await;
        let view = view.json::<studyhall::api::live::PlayerScreen>().view;
        assert!(matches!(view.phase, PlayerPhase::Answering { remaining_ms: 15_000, .. }), "{:?}", view.phase);
    }
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
    let rows = game.world.server.state.db.live_session_answers(session).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.response_time_ms).collect::<Vec<_>>(), [5_000]);
    game.world.server.step(3_600_000);
    game.world.server.advance(15_501);
    game.players[1].player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;
}
