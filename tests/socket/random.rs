//! Random operations and faults against the real server, with a model of what each client must have seen. The seed is
//! printed; `STUDYHALL_SEED=<seed>` runs it again, `STUDYHALL_STEPS` makes it longer.

use crate::common::{Log, Proxy, Robot, Role, World};
use rand::{Rng, SeedableRng};
use studyhall::{client::connection::Input, protocol::Channel};

const STEPS: u32 = 1_500;

#[tokio::test]
async fn whatever_the_network_does_everybody_has_seen_everything_once() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("STUDYHALL_SEED").unwrap_or_else(studyhall::server::random::seed);
    let steps = number("STUDYHALL_STEPS").unwrap_or(STEPS.into());
    println!("STUDYHALL_SEED={seed}");
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);

    let world = World::new().await;
    let (state, channel) = (&world.server.state, Channel::Group(world.group));
    let log = Log::new(channel);
    log.serve(state);
    let observer = Robot::start(&world.server.url, &world.browser(Role::Member).cookies(), channel);
    let mut clients = vec![];
    for role in [Role::Member, Role::Teacher, Role::Owner, Role::Member, Role::Member] {
        let proxy = Proxy::to(&world.server.url).await;
        let robot = Robot::start(&proxy.url, &world.browser(role).cookies(), channel);
        clients.push((proxy, robot));
    }
    for _ in 0..steps {
        let at = random.random_range(0..clients.len());
        let (proxy, robot) = &clients[at];
        match random.random_range(0..20) {
            0 => proxy.reset(),
            1 => proxy.cut_after(random.random_range(0..400)),
            2 => proxy.delay(random.random_range(0..50)),
            3 => proxy.throttle(random.random_range(500..20_000)),
            4 => proxy.silence(random.random()),
            5 => robot.tell(Input::Visible),
            6 => robot.tell(Input::Offline),
            7 => robot.tell(Input::Online),
            8 => robot.tell(Input::Retry),
            9..=12 => proxy.heal(),
            // An event that is written and told by a process that dies in between.
            13 => {
                log.append();
                log.publish(state);
            }
            _ => {
                for _ in 0..random.random_range(1..30) {
                    log.publish(state);
                }
            }
        }
        // The pace of a network that nothing befalls; what befalls the others lasts for many steps.
        let newest = log.newest();
        observer.until("the observer hears", |seen| seen.newest == newest).await;
        for (_, robot) in &clients {
            assert_eq!(robot.seen().wrong, None);
        }
    }
    for (proxy, robot) in &clients {
        proxy.heal();
        robot.tell(Input::Visible);
    }
    log.publish(state);
    let newest = log.newest();
    for (_, robot) in &clients {
        robot.until("up to date", |seen| seen.newest == newest).await;
        assert_eq!(robot.seen().wrong, None);
    }
}
