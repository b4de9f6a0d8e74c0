//! People come, look around, speak, and go in every way there is: when the last one is gone, nothing is left of them.
//! The seed is printed; `STUDYHALL_SEED=<seed>` runs it again, `STUDYHALL_STEPS` makes it longer.

use crate::common::{Role, Socket, TestServer, World};
use rand::{
    Rng, SeedableRng,
    seq::{IndexedMutRandom, IndexedRandom},
};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;
use studyhall::{
    domain::presence::{Activity, DRAIN_GRACE, Status},
    protocol::{Channel, ClientFrame, Command, RoomAct, Subscription},
};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

const STEPS: u64 = 250;
/// Longer than any channel is remembered.
const LONG: Duration = Duration::from_secs(3_600);

/// Everything that grows with people, by name.
async fn kept(server: &TestServer) -> Vec<(&'static str, usize)> {
    let state = &server.state;
    let (connections, [devices, people, groups]) = (state.hub.connections(), state.presence.sizes());
    state.hub.sweep(Instant::now() + LONG);
    vec![
        ("connections", connections.count()),
        ("accounts", connections.users()),
        ("bytes that wait", connections.waiting().bytes),
        ("subscriptions", state.hub.subscriptions()),
        ("channels", state.hub.channels()),
        ("presence's connections", state.presence.connections()),
        ("devices", devices),
        ("people", people),
        ("groups", groups),
        ("people of a last run", state.presence.held()),
        // Each connection is a task that holds its socket and its queue.
        ("tasks", state.shutdown.tasks.len()),
    ]
}

#[tokio::test]
async fn nothing_is_left_of_whoever_came_and_went() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("STUDYHALL_SEED").unwrap_or_else(studyhall::server::random::seed);
    println!("STUDYHALL_SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let world = World::new().await;
    let server = &world.server;
    // The rooms and quizzes of the world run for good.
    server.state.rooms.room(world.room).await.unwrap();
    server.state.live.session(world.session).await.unwrap();
    let before = kept(server).await;
    let mut sockets: Vec<Socket> = vec![];
    for _ in 0..number("STUDYHALL_STEPS").unwrap_or(STEPS) {
        match random.random_range(0..10) {
            0..=3 => {
                let role = *Role::ALL.choose(&mut random).unwrap();
                let mut socket = Socket::open(&world.browser(role)).await;
                let tab = Uuid::from_u128(random.random_range(0..9));
                let subscriptions = (0..random.random_range(0..5)).map(|_| subscription(&world, &mut random)).collect();
                socket.send(&ClientFrame::Hello { tab, subscriptions }).await;
                sockets.push(socket);
            }
            4 | 5 if !sockets.is_empty() => {
                let socket = sockets.swap_remove(random.random_range(0..sockets.len()));
                if random.random() { socket.vanish() } else { socket.leave().await }
            }
            6 => server.advance(random.random_range(0..20_000)),
            _ => {
                let frame = match random.random_range(0..3) {
                    0 => ClientFrame::Subscribe(subscription(&world, &mut random)),
                    1 => ClientFrame::Unsubscribe { channel: channel(&world, &mut random) },
                    _ => {
                        let command = command(&world, &mut random);
                        ClientFrame::Command { id: random.random(), key: Uuid::from_u128(random.random()), command }
                    }
                };
                if let Some(socket) = sockets.choose_mut(&mut random) {
                    // One whose place was taken by an eleventh device is closed already.
                    let _ = socket.try_send(&frame).await;
                }
            }
        }
    }
    for socket in sockets {
        if random.random() { socket.vanish() } else { socket.leave().await }
    }
    let empty = async {
        while server.state.hub.connections().count() + server.state.presence.connections() > 0 {
            tokio::task::yield_now().await;
        }
        let ticks = server.state.presence.ticks();
        server.advance(DRAIN_GRACE);
        while server.state.presence.ticks() == ticks {
            tokio::task::yield_now().await;
        }
        // A room or quiz of the world may have ended meanwhile, as they do.
        while kept(server).await.iter().zip(&before).any(|(now, then)| now.1 > then.1) {
            tokio::task::yield_now().await;
        }
    };
    let all_gone = timeout(Duration::from_secs(30), empty).await;
    assert!(all_gone.is_ok(), "seed {seed}: {:?} was {before:?}", kept(server).await);
    assert!(before[..10].iter().all(|(_, count)| *count == 0), "the world itself has no connections: {before:?}");
}

fn subscription(world: &World, random: &mut ChaCha8Rng) -> Subscription {
    Subscription { channel: channel(world, random), position: None }
}

fn channel(world: &World, random: &mut ChaCha8Rng) -> Channel {
    match random.random_range(0..6) {
        0 => Channel::User(world.user(*[Role::Member, Role::Teacher, Role::Owner].choose(random).unwrap())),
        1 => Channel::Group(world.group),
        2 => Channel::Presence(world.group),
        3 => Channel::LivePlayer(world.session),
        4 => Channel::LiveHost(world.session),
        _ => Channel::StudyRoom(world.room),
    }
}

fn command(world: &World, random: &mut ChaCha8Rng) -> Command {
    match random.random_range(0..5) {
        0 => Command::Touch,
        1 => Command::SetPresenceActivity { activity: Some(Activity::Studying(world.deck)) },
        2 => Command::SetPresenceStatus { status: *Status::CHOICES.choose(random).unwrap() },
        3 => Command::InRoom { session: world.room, act: RoomAct::Type },
        _ => Command::InRoom { session: world.room, act: RoomAct::Leave },
    }
}
