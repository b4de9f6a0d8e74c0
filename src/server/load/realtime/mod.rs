//! The channel's figures: what an idle connection costs, how many come in in a second, how fast news reach the last
//! member of a room, what happens when nobody can keep up, and how everybody comes back after a crash.

mod orders;
mod soak;

use super::{
    Failure,
    crowd::{Member, Scene},
    figures::{Figures, ms},
    line,
    stage::{PER_USER, groups},
};
use clap::{Args, ValueEnum};
use orders::{Orders, Plan};
use std::{cell::RefCell, path::PathBuf, rc::Rc, time::Duration};
use tokio::{
    task::{JoinHandle, LocalSet, spawn_local},
    time::{Instant, sleep, timeout},
};

/// Connections that come in at the same time.
const AT_ONCE: usize = 64;
const PATIENCE: Duration = Duration::from_secs(60);
/// A measurement with a busier visitor says nothing about the server.
const BUSIEST: f64 = 0.8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Connections that only answer heartbeats.
    Idle,
    /// News at a steady rate.
    Rooms,
    /// News faster than they can be told.
    Overload,
    /// The server is killed; the caller starts it again.
    Storm,
    /// People come and go for `minutes`.
    Soak,
}

#[derive(Debug, Args)]
pub struct Realtime {
    scenario: Scenario,
    /// The stage's folder.
    #[arg(long)]
    folder: PathBuf,
    #[arg(long)]
    port: u16,
    #[arg(long)]
    orders: u16,
    /// The stage's process.
    #[arg(long)]
    process: u32,
    #[arg(long, default_value_t = 5000)]
    connections: usize,
    /// News a second, over all rooms.
    #[arg(long, default_value_t = 500.0)]
    rate: f64,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    #[arg(long)]
    json: bool,
}

/// Processor time of a process, and its resident memory in bytes.
#[derive(Clone, Copy, Debug)]
struct Used {
    at: Instant,
    processor: Duration,
    resident: f64,
}

impl Used {
    fn by(process: &str) -> Result<Self, Failure> {
        let read = |file: &str| {
            std::fs::read_to_string(format!("/proc/{process}/{file}")).map_err(|error| format!("{process}: {error}"))
        };
        let stat = read("stat")?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks: u64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
        let status = read("status")?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = resident.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0.0);
        Ok(Self { at: Instant::now(), processor: Duration::from_millis(ticks * 10), resident: kib * 1024.0 })
    }

    /// The share of one core since `before`.
    fn share_since(&self, before: &Self) -> f64 {
        (self.processor - before.processor).as_secs_f64() / (self.at - before.at).as_secs_f64()
    }
}

impl Realtime {
    pub async fn run(self) -> Result<(), Failure> {
        LocalSet::new().run_until(self.measure()).await
    }

    fn server(&self) -> Result<Used, Failure> {
        Used::by(&self.process.to_string())
    }

    async fn measure(&self) -> Result<(), Failure> {
        let list = std::fs::read_to_string(self.folder.join("people")).map_err(|error| error.to_string())?;
        let rooms = groups(&list);
        let size = self.connections / rooms.len().max(1);
        let scene = Scene::new(rooms.len(), size);
        let mut figures = Figures::default();
        let orders = Orders::open(self.orders).await?;
        let before = self.server()?;
        let url = format!("127.0.0.1:{}", self.port);
        let to = line::resolve(&format!("http://{url}")).await?;
        let people: Vec<&str> = list.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        let each = people.len() / rooms.len().max(1);

        let invite = |number: usize| -> Result<JoinHandle<()>, Failure> {
            let room = number % rooms.len();
            let person = room * each + number / rooms.len() / PER_USER;
            let cookie =
                format!("{}={}", crate::server::auth::session::COOKIE, people.get(person).ok_or("too few people")?);
            let member =
                Member { number, room, group: rooms[room], cookie: cookie.into(), url: url.as_str().into(), to };
            Ok(spawn_local(member.live(Rc::clone(&scene))))
        };
        let mut present = vec![];
        let started = Instant::now();
        for number in 0..self.connections {
            while number >= scene.borrow().settled + AT_ONCE {
                sleep(Duration::from_millis(1)).await;
                if started.elapsed() > PATIENCE {
                    return Err(format!(
                        "only {} of {} came in: {:?}",
                        scene.borrow().settled,
                        self.connections,
                        scene.borrow().failures
                    ));
                }
            }
            present.push(invite(number)?);
        }
        self.until(&scene, |scene| scene.settled == self.connections, "everybody is in").await?;
        let came = started.elapsed();
        figures.add("connects", self.connections as f64 / came.as_secs_f64(), "/s");
        let after = self.server()?;
        figures.add(
            "connect_processor",
            (after.processor - before.processor).as_secs_f64() * 1e6 / self.connections as f64,
            "us",
        );

        match self.scenario {
            Scenario::Idle => self.idle(&before, &mut figures).await?,
            Scenario::Rooms => self.rooms(&scene, &orders, rooms.len(), &mut figures).await?,
            Scenario::Overload => self.overload(&scene, &orders, rooms.len(), &mut figures).await?,
            Scenario::Storm => self.storm(&scene, &orders, rooms.len(), &mut figures).await?,
            Scenario::Soak => self.soak(&scene, &orders, rooms.len(), present, invite, &mut figures).await?,
        }
        figures.print(self.json);
        Ok(())
    }

    async fn until(
        &self,
        scene: &Rc<RefCell<Scene>>,
        condition: impl Fn(&Scene) -> bool,
        what: &str,
    ) -> Result<(), Failure> {
        let waiting = async {
            while !condition(&scene.borrow()) {
                sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(PATIENCE, waiting).await.map_err(|_| {
            let scene = scene.borrow();
            format!(
                "never: {what}; {} open, {} in, {:?}, {:?}",
                scene.open, scene.settled, scene.closes, scene.failures
            )
        })
    }

    async fn idle(&self, empty: &Used, figures: &mut Figures) -> Result<(), Failure> {
        // Everybody has been pinged once, and what the handshakes needed is free again.
        sleep(Duration::from_secs(15)).await;
        let before = self.server()?;
        sleep(Duration::from_secs(self.seconds)).await;
        let after = self.server()?;
        figures.add("idle_memory", (after.resident - empty.resident) / self.connections as f64 / 1000.0, "kB");
        figures.add("idle_processor", 100.0 * after.share_since(&before), "%");
        Ok(())
    }

    async fn publish(
        &self,
        scene: &Rc<RefCell<Scene>>,
        orders: &Orders,
        numbers: &mut Vec<u32>,
    ) -> Result<usize, Failure> {
        let zero = scene.borrow().now();
        orders.publish(Plan { rate: self.rate, seconds: self.seconds, zero }, numbers).await
    }

    async fn rooms(
        &self,
        scene: &Rc<RefCell<Scene>>,
        orders: &Orders,
        rooms: usize,
        figures: &mut Figures,
    ) -> Result<(), Failure> {
        let mut numbers = vec![0; rooms];
        // Caches and the writers' sense of load; not measured.
        let warm = Self { seconds: 2, ..self.copy() };
        warm.publish(scene, orders, &mut numbers).await?;
        sleep(Duration::from_millis(500)).await;
        scene.borrow_mut().measuring = true;
        let heard = scene.borrow().delivered;
        let (before, own) = (self.server()?, Used::by("self")?);
        let sent = self.publish(scene, orders, &mut numbers).await?;
        let (after, own_after) = (self.server()?, Used::by("self")?);
        self.until(scene, |scene| scene.outstanding() == 0, "everybody heard everything").await?;
        let share = own_after.share_since(&own);
        let scene = scene.borrow();
        let delivered = (scene.delivered - heard) as f64;
        let seconds = (after.at - before.at).as_secs_f64();
        figures.add("deliveries", delivered / seconds, "/s");
        figures.add("ordered", (sent * scene.room_size) as f64 / seconds, "/s");
        figures.add_times("delivery", &scene.times);
        figures.add_times("last", &scene.last);
        figures.add("processor", (after.processor - before.processor).as_secs_f64() * 1e6 / delivered, "s/M");
        figures.add("server_busy", 100.0 * after.share_since(&before), "%");
        figures.add("visitor_busy", 100.0 * share, "%");
        figures.add("wrong", scene.wrong as f64, "");
        figures.add("left_the_room", scene.closes.values().sum::<usize>() as f64, "");
        if share > BUSIEST {
            eprintln!(
                "the visitor was busy for {:.0} % of the time: the server could do more than this",
                share * 100.0
            );
        }
        Ok(())
    }

    async fn overload(
        &self,
        scene: &Rc<RefCell<Scene>>,
        orders: &Orders,
        rooms: usize,
        figures: &mut Figures,
    ) -> Result<(), Failure> {
        let mut numbers = vec![0; rooms];
        let (before, heard, started) = (self.server()?, scene.borrow().delivered, Instant::now());
        self.publish(scene, orders, &mut numbers).await?;
        let during = self.server()?;
        self.until(scene, |scene| scene.up_to_date(&numbers), "everybody is up to date").await?;
        let scene = scene.borrow();
        figures.add("deliveries", (scene.delivered - heard) as f64 / started.elapsed().as_secs_f64(), "/s");
        figures.add("wrong", scene.wrong as f64, "");
        figures.add("began_anew", scene.resynced as f64 - self.connections as f64, "");
        figures.add("memory_grew", (during.resident - before.resident) / 1e6, "MB");
        figures.add("closed_slow", scene.closes.get(&4001).copied().unwrap_or(0) as f64, "");
        Ok(())
    }

    async fn storm(
        &self,
        scene: &Rc<RefCell<Scene>>,
        orders: &Orders,
        rooms: usize,
        figures: &mut Figures,
    ) -> Result<(), Failure> {
        let mut numbers = vec![0; rooms];
        let five = Self { seconds: 1, rate: rooms as f64 * 5.0, ..self.copy() };
        five.publish(scene, orders, &mut numbers).await?;
        self.until(scene, |scene| scene.up_to_date(&numbers), "everybody heard the first news").await?;
        let (resumed, resynced, heard) = (scene.borrow().resumed, scene.borrow().resynced, scene.borrow().delivered);
        // The caller kills the server now.
        println!("kill");
        self.until(scene, |scene| scene.open == 0, "the server is gone").await?;
        let gone = Instant::now();
        let orders = Orders::open(self.orders).await?;
        let back = Instant::now();
        // Everybody misses five.
        five.publish(scene, &orders, &mut numbers).await?;
        let count = five.rate as u64 * (self.connections / rooms) as u64;
        let most = (self.connections as f64 * 0.99) as usize;
        self.until(
            scene,
            |scene| scene.settled >= most && scene.delivered - heard >= (count as f64 * 0.99) as u64,
            "99 of 100 are back",
        )
        .await?;
        let (from_death, from_start) = (gone.elapsed(), back.elapsed());
        self.until(scene, |scene| scene.up_to_date(&numbers), "everybody is up to date").await?;
        {
            let scene = scene.borrow();
            figures.add("back_99", ms(from_start), "ms");
            figures.add("back_99_since_death", ms(from_death), "ms");
            figures.add("back_all", ms(back.elapsed()), "ms");
            figures.add("resumed", (scene.resumed - resumed) as f64, "");
            figures.add("began_anew", (scene.resynced - resynced) as f64, "");
            figures.add("lost", (count as f64) - (scene.delivered - heard) as f64, "");
            figures.add("wrong", scene.wrong as f64, "");
            figures.add("turned_away", scene.failures.len() as f64, "");
        }
        eprintln!("remembered: {}", orders.remembered().await?);
        Ok(())
    }

    fn copy(&self) -> Self {
        Self { folder: self.folder.clone(), ..*self }
    }
}
