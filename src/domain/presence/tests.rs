//! Presence against a plain model of random devices: who is shown, to whom, and what a listener ends up with.

use super::*;
use crate::domain::ids::{DeckId, GroupId, LiveSessionId, UserId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const START: i64 = 1_767_225_600_000;

fn user(n: u8) -> UserId {
    UserId(Uuid::from_u128(0x100 + u128::from(n)))
}

fn group(n: u8) -> GroupId {
    GroupId(Uuid::from_u128(0x200 + u128::from(n)))
}

fn connection(n: u32) -> Uuid {
    Uuid::from_u128(0x300 + u128::from(n))
}

/// User 0 is in both groups, odd ones in the first, even ones in the second.
fn facts(n: u8, choice: Status) -> Facts {
    let groups: &[u8] = if n == 0 { &[0, 1] } else { &[n % 2] };
    Facts { name: format!("Person {n}"), choice, groups: groups.iter().map(|g| (group(*g), 9)).collect(), at: START }
}

fn place(kind: u8, of: u8) -> Option<Place> {
    let deck = DeckId(Uuid::from_u128(7));
    let activity = match kind {
        0 => return None,
        1 => Activity::Studying(deck),
        _ => Activity::Hosting(LiveSessionId(Uuid::from_u128(8))),
    };
    Some(Place { doing: Doing { activity, title: "Organic chemistry".into() }, group: Some(group(of)) })
}

#[derive(Clone, Debug)]
enum Step {
    Connect {
        user: u8,
        tab: u8,
    },
    /// The nth open device loses its line.
    Lose {
        which: usize,
        grace: i64,
    },
    Touch {
        which: usize,
    },
    Go {
        which: usize,
        kind: u8,
        of: u8,
    },
    Choose {
        user: u8,
        choice: u8,
    },
    Pass {
        ms: i64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0u8..5, 0u8..3).prop_map(|(user, tab)| Step::Connect { user, tab }),
        3 => (0usize..9, prop_oneof![Just(0), Just(GRACE), Just(DRAIN_GRACE)])
            .prop_map(|(which, grace)| Step::Lose { which, grace }),
        2 => (0usize..9).prop_map(|which| Step::Touch { which }),
        2 => (0usize..9, 0u8..3, 0u8..2).prop_map(|(which, kind, of)| Step::Go { which, kind, of }),
        1 => (0u8..5, 0u8..4).prop_map(|(user, choice)| Step::Choose { user, choice }),
        3 => prop_oneof![0i64..3_000, 0i64..400_000].prop_map(|ms| Step::Pass { ms }),
    ];
    prop::collection::vec(step, 1..60)
}

/// What the model knows of a device.
#[derive(Clone, Debug)]
struct Known {
    id: Uuid,
    user: u8,
    tab: u8,
    active_at: i64,
    place: Option<Place>,
    until: Option<i64>,
}

#[derive(Default)]
struct Model {
    devices: Vec<Known>,
    choices: BTreeMap<u8, Status>,
}

impl Model {
    /// The status that others see; `None` when they see nobody.
    fn seen(&self, who: u8, now: i64) -> Option<Status> {
        let mine: Vec<_> = self.devices.iter().filter(|d| d.user == who && d.until.is_none_or(|u| u > now)).collect();
        if mine.is_empty() {
            return None;
        }
        let fresh: Vec<_> = mine.iter().filter(|d| now - d.active_at < AWAY_AFTER).collect();
        let hosts = |d: &&&Known| d.place.as_ref().is_some_and(|p| p.doing.activity.is_busy());
        match self.choices.get(&who).copied().unwrap_or_default() {
            Status::Invisible => None,
            Status::Online if fresh.iter().any(hosts) => Some(Status::Busy),
            Status::Online if fresh.is_empty() => Some(Status::Away),
            choice => Some(choice),
        }
    }
}

fn open(model: &Model, which: usize) -> Option<usize> {
    let open: Vec<usize> = (0..model.devices.len()).filter(|n| model.devices[*n].until.is_none()).collect();
    (!open.is_empty()).then(|| open[which % open.len()])
}

/// Plays the steps on both and checks after each second.
fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut tracker = Tracker::new(NodeId(0), 1);
    let mut model = Model::default();
    let mut now = START;
    let nobody = BTreeSet::new();
    let mut readers = [State::default(), State::default()];
    for (n, step) in steps.into_iter().enumerate() {
        match step {
            Step::Connect { user: who, tab } => {
                let id = connection(u32::try_from(n).unwrap());
                let choice = model.choices.get(&who).copied().unwrap_or_default();
                tracker.connect(id, user(who), Uuid::from_u128(tab.into()), facts(who, choice), now);
                // Of several lost ones in the tab the tracker resumes the one with the lowest id, so the oldest.
                let lost = model.devices.iter().position(|d| d.user == who && d.tab == tab && d.until.is_some());
                let before = lost.map(|at| model.devices.remove(at));
                let active_at = before.as_ref().map_or(now, |d| d.active_at);
                let place = before.and_then(|d| d.place);
                model.devices.push(Known { id, user: who, tab, active_at, place, until: None });
                model.devices.sort_by_key(|d| d.id);
            }
            Step::Lose { which, grace } => {
                if let Some(at) = open(&model, which) {
                    model.devices[at].until = Some(now + grace);
                    tracker.lose(model.devices[at].id, grace, now);
                }
            }
            Step::Touch { which } => {
                if let Some(at) = open(&model, which) {
                    model.devices[at].active_at = now;
                    tracker.touch(model.devices[at].id, now);
                }
            }
            Step::Go { which, kind, of } => {
                if let Some(at) = open(&model, which) {
                    let device = &mut model.devices[at];
                    (device.place, device.active_at) = (place(kind, of), now);
                    tracker.go(device.id, device.place.clone(), now);
                }
            }
            Step::Choose { user: who, choice } => {
                model.choices.insert(who, Status::CHOICES[usize::from(choice)]);
                tracker.choose(user(who), Status::CHOICES[usize::from(choice)]);
            }
            Step::Pass { ms } => now += ms,
        }
        let tick = tracker.tick(now);
        model.devices.retain(|d| d.until.is_none_or(|until| until > now));
        for (id, batch) in tick.batches {
            let reader = &mut readers[usize::from(id == group(1))];
            let Batch::Changed(Some(diff), unseen) = batch else { panic!("in a small group everybody sees everybody") };
            prop_assert_eq!(unseen.diff(&(0..5).map(user).collect()), None);
            let told = diff.joined.iter().chain(&diff.updated).map(|p| p.user);
            let ids: Vec<UserId> = told.chain(diff.left.iter().copied()).collect();
            prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "one word about one person");
            for one in diff.joined.iter().chain(&diff.updated) {
                prop_assert!(one.status != Status::Invisible && one.status != Status::Offline);
                prop_assert!(one.status != Status::Away || one.doing.is_none());
            }
            for one in &diff.joined {
                prop_assert!(reader.find(one.user).is_none(), "joined twice");
            }
            for one in &diff.updated {
                prop_assert!(reader.find(one.user).is_some_and(|then| then != one), "updated without a change");
            }
            reader.apply(diff);
        }
        for (n, state) in (0u8..).zip(&readers) {
            let expected: BTreeMap<UserId, Status> = (0..5)
                .filter(|who| facts(*who, Status::Online).groups.contains_key(&group(n)))
                .filter_map(|who| Some((user(who), model.seen(who, now)?)))
                .collect();
            let shown: BTreeMap<UserId, Status> = state.people.iter().map(|p| (p.user, p.status)).collect();
            prop_assert_eq!(&shown, &expected, "group {}", n);
            prop_assert_eq!(usize::try_from(state.there).unwrap(), expected.len());
            prop_assert_eq!(state, &tracker.state(group(n), &nobody), "diffs end where a fresh state begins");
        }
    }
    // Everybody goes: nobody stays behind, and nothing is kept of them.
    for device in &model.devices {
        tracker.lose(device.id, GRACE, now);
    }
    tracker.tick(now + DRAIN_GRACE);
    prop_assert_eq!(tracker.sizes(), [0, 0, 0]);
    Ok(())
}

proptest! {
    #[test]
    fn random_devices_show_what_a_plain_model_says_and_leave_no_ghost(steps in steps()) {
        play(steps)?;
    }

    #[test]
    fn a_short_loss_shows_nothing(lost_for in 0i64..GRACE, ticks in 0i64..9, idle in 0i64..AWAY_AFTER) {
        let mut tracker = Tracker::new(NodeId(0), 1);
        tracker.connect(connection(1), user(1), Uuid::nil(), facts(1, Status::Online), START);
        tracker.go(connection(1), place(1, 1), START);
        prop_assert_eq!(tracker.tick(START).batches.len(), 1);
        let at = START + idle.min(AWAY_AFTER - GRACE - 1);
        tracker.lose(connection(1), GRACE, at);
        let mut batches = 0;
        for n in 0..=ticks {
            batches += tracker.tick(at + lost_for * n / (ticks + 1)).batches.len();
        }
        tracker.connect(connection(2), user(1), Uuid::nil(), facts(1, Status::Online), at + lost_for);
        batches += tracker.tick(at + lost_for).batches.len();
        prop_assert_eq!(batches, 0);
        prop_assert_eq!(tracker.standing(user(1)).place, place(1, 1), "still on its page");
    }

    #[test]
    fn nodes_agree_whatever_the_order_of_their_messages(
        order in prop::collection::vec(0usize..12, 0..40), rest in Just((0..12).collect::<Vec<usize>>()).prop_shuffle()
    ) {
        // Two other nodes with two boots of three versions each.
        let states: Vec<NodeState> = (0..12u32).map(|n| {
            let (node, boot, version) = (n % 2 + 1, n / 2 % 2, n / 4);
            let mut from = Tracker::new(NodeId(node), boot.into());
            for one in 0..=version {
                let who = u8::try_from((n + one) % 5).unwrap();
                from.connect(connection(n * 10 + one), user(who), Uuid::nil(), facts(who, Status::Online), START);
            }
            NodeState { stamp: Stamp { boot_epoch: boot.into(), version: version.into() }, ..from.export() }
        }).collect();
        let newest = |node: u32| states.iter().filter(|s| s.node == NodeId(node)).max_by_key(|s| s.stamp).unwrap();
        let mut here = Tracker::new(NodeId(0), 9);
        for n in order.into_iter().chain(rest) {
            here.merge(states[n].clone());
            here.tick(START);
        }
        let expected: BTreeSet<UserId> =
            [1, 2].into_iter().flat_map(|node| newest(node).devices.values().map(|d| d.user)).collect();
        prop_assert_eq!(here.users().collect::<BTreeSet<_>>(), expected);
        let devices = newest(1).devices.len() + newest(2).devices.len();
        prop_assert_eq!(here.sizes()[0], devices);
    }

    #[test]
    fn a_crowd_is_a_rounded_number_and_a_sample_that_stays(
        moves in prop::collection::vec((0u8..200, any::<bool>()), 1..400), friends in prop::collection::btree_set(0u8..200, 0..4)
    ) {
        let friends: BTreeSet<UserId> = friends.into_iter().map(user).collect();
        let nobody = BTreeSet::new();
        let mut tracked = Group::new(400);
        let (mut stranger, mut friend) = (State::default(), State::default());
        let mut there = BTreeSet::new();
        for chunk in moves.chunks(20) {
            for (who, comes) in chunk {
                let present = comes.then(|| Present {
                    user: user(*who), name: format!("{who}"), status: Status::Online, doing: None,
                });
                if *comes { there.insert(user(*who)); } else { there.remove(&user(*who)); }
                tracked.set(user(*who), present);
            }
            let Some(Batch::Changed(common, unseen)) = tracked.batch() else { continue };
            if let Some(common) = common {
                let left: BTreeSet<UserId> = common.left.iter().copied().collect();
                prop_assert!(left.is_disjoint(&there), "who is there keeps the place in the sample");
                stranger.apply(common.clone());
                friend.apply(common);
            }
            if let Some(own) = unseen.diff(&friends) {
                friend.apply(own);
            }
            prop_assert_eq!(&stranger, &State { crowd: false, ..tracked.state(&nobody) });
            prop_assert_eq!(&friend, &State { crowd: false, ..tracked.state(&friends) });
            prop_assert_eq!(stranger.people.len(), there.len().min(SAMPLE));
            prop_assert_eq!(stranger.there, quantised(there.len()));
            for one in friends.intersection(&there) {
                prop_assert!(friend.find(*one).is_some());
            }
        }
    }
}

#[test]
fn a_device_that_comes_back_without_its_person_is_still_away() {
    let mut tracker = Tracker::new(NodeId(0), 1);
    tracker.connect(connection(1), user(1), Uuid::nil(), facts(1, Status::Online), START);
    let later = START + AWAY_AFTER;
    tracker.tick(later);
    assert_eq!(tracker.standing(user(1)).status, Status::Away);
    tracker.lose(connection(1), GRACE, later);
    tracker.connect(connection(2), user(1), Uuid::nil(), facts(1, Status::Online), later + 1);
    tracker.tick(later + 1);
    assert_eq!(tracker.standing(user(1)).status, Status::Away);
    tracker.touch(connection(2), later + 2);
    tracker.tick(later + 2);
    assert_eq!(tracker.standing(user(1)).status, Status::Online);
}

#[test]
fn who_grows_into_a_crowd_is_told_anew() {
    let mut tracker = Tracker::new(NodeId(0), 1);
    let nobody = BTreeSet::new();
    tracker.connect(connection(1), user(1), Uuid::nil(), facts(1, Status::Online), START);
    assert!(matches!(tracker.tick(START).batches[0].1, Batch::Changed(..)));
    let mut many = facts(1, Status::Online);
    many.groups.insert(group(1), CROWD + 1);
    tracker.learn(user(1), many);
    let told = tracker.tick(START).batches.remove(0).1;
    assert_eq!(told, Batch::Anew(tracker.state(group(1), &nobody)));
    assert!(tracker.is_crowd(group(1)));
}

#[test]
fn counts_are_exact_while_they_are_small() {
    for (count, shown) in [(0, 0), (99, 99), (100, 100), (101, 100), (119, 110), (1_049, 1_000), (10_199, 10_100)] {
        assert_eq!(quantised(count), shown, "{count}");
    }
}

#[test]
fn what_somebody_does_is_told_to_its_own_group_only() {
    let mut tracker = Tracker::new(NodeId(0), 1);
    tracker.connect(connection(1), user(0), Uuid::nil(), facts(0, Status::Online), START);
    tracker.go(connection(1), place(1, 1), START);
    tracker.tick(START);
    let doing = |n| tracker.state(group(n), &BTreeSet::new()).people[0].doing.clone();
    assert_eq!((doing(0), doing(1)), (None, place(1, 1).map(|place| place.doing)));
}

#[test]
fn who_was_there_before_a_restart_is_shown_until_they_are_back_or_the_grace_ends() {
    let mut before = Tracker::new(NodeId(0), 1);
    let (phone, laptop) = (Uuid::from_u128(7), Uuid::from_u128(8));
    before.connect(connection(1), user(1), phone, facts(1, Status::Online), START);
    before.go(connection(1), place(1, 1), START);
    before.connect(connection(2), user(2), laptop, facts(2, Status::Invisible), START);
    before.tick(START);
    let shown = before.state(group(1), &BTreeSet::new());
    let (mut after, now) = (Tracker::new(NodeId(0), 2), START + 10);
    for n in [1, 2] {
        for device in before.devices(user(n)) {
            after.restore(
                connection(u32::from(n) + 10),
                Device { until: Some(now + GRACE), ..device },
                facts(n, before.facts(user(n)).unwrap().choice),
            );
        }
    }
    after.tick(now);
    assert_eq!(after.state(group(1), &BTreeSet::new()), shown, "the invisible one is in neither");
    after.connect(connection(21), user(1), phone, facts(1, Status::Online), now + 1);
    assert!(after.tick(now + GRACE).batches.is_empty(), "one is back in the same tab, of the other nobody knew");
    assert_eq!(after.state(group(1), &BTreeSet::new()), shown);
    assert_eq!(after.sizes(), [1, 1, 1]);
}
