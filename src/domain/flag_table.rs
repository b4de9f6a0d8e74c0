//! Which feature is on for whom: configured defaults, what an admin set for everybody or for one group, a share of
//! users, and what the flags need of each other. Pure; the server keeps one table in memory.

use super::{
    flags::Flag,
    ids::{GroupId, UserId},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A flag's switch, and the share of users (0 to 100) that has the feature while it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub enabled: bool,
    pub percent: u8,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// `Leptos.toml` or the environment.
    Config,
    /// An admin, for everybody.
    Admin,
    /// An admin, for one group.
    Group,
}

/// `flag` is on while `needs`, which it needs, is off; for everybody or in one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub flag: Flag,
    pub needs: Flag,
    pub group: Option<GroupId>,
}

/// All settings.
#[derive(Clone, Debug, Default)]
pub struct FlagTable {
    defaults: BTreeMap<Flag, bool>,
    all: BTreeMap<Flag, Setting>,
    groups: BTreeMap<(GroupId, Flag), Setting>,
}

impl FlagTable {
    /// The table before any admin has changed something.
    pub fn new(defaults: BTreeMap<Flag, bool>) -> Self {
        Self { defaults, ..Self::default() }
    }

    /// Sets the flag for everybody (`None`) or for one group; no setting takes the earlier one back.
    pub fn set(&mut self, flag: Flag, group: Option<GroupId>, setting: Option<Setting>) {
        match (group, setting) {
            (None, Some(setting)) => drop(self.all.insert(flag, setting)),
            (None, None) => drop(self.all.remove(&flag)),
            (Some(group), Some(setting)) => drop(self.groups.insert((group, flag), setting)),
            (Some(group), None) => drop(self.groups.remove(&(group, flag))),
        }
    }

    /// What holds in `group`, or for everybody. What is not built is off, whatever is set.
    pub fn setting(&self, flag: Flag, group: Option<GroupId>) -> (Setting, Source) {
        if !flag.is_built() {
            return (Setting { enabled: false, percent: 100 }, Source::Config);
        }
        if let Some(setting) = group.and_then(|group| self.groups.get(&(group, flag))) {
            return (*setting, Source::Group);
        }
        if let Some(setting) = self.all.get(&flag) {
            return (*setting, Source::Admin);
        }
        let enabled = self.defaults.get(&flag).copied().unwrap_or_default();
        (Setting { enabled, percent: 100 }, Source::Config)
    }

    /// Whether `user` has the feature in `group`: it and all it needs are on, and the user is in each one's share.
    /// Somebody without an account is only in a full share: ask for a guest with the host's id.
    pub fn is_on(&self, flag: Flag, user: Option<UserId>, group: Option<GroupId>) -> bool {
        let (setting, _) = self.setting(flag, group);
        let in_share = setting.percent >= 100 || user.is_some_and(|user| bucket(flag, user) < setting.percent);
        setting.enabled && in_share && flag.needs().iter().all(|needed| self.is_on(*needed, user, group))
    }

    /// The groups that have a setting of their own for `flag`.
    pub fn overrides(&self, flag: Flag) -> impl Iterator<Item = (GroupId, Setting)> {
        self.groups.iter().filter(move |((_, f), _)| *f == flag).map(|((group, _), setting)| (*group, *setting))
    }

    /// The first flag that is on without what it needs, for everybody first, then by group.
    pub fn conflict(&self) -> Option<Conflict> {
        let groups = self.groups.keys().map(|(group, _)| Some(*group));
        std::iter::once(None).chain(groups).find_map(|group| {
            let on = |flag| self.setting(flag, group).0.enabled;
            Flag::ALL.into_iter().filter(|flag| on(*flag)).find_map(|flag| {
                let needs = flag.needs().iter().copied().find(|needed| !on(*needed))?;
                Some(Conflict { flag, needs, group })
            })
        })
    }
}

/// The user's place in a flag's roll-out, 0 to 99: always the same, and independent between flags.
pub fn bucket(flag: Flag, user: UserId) -> u8 {
    // FNV-1a, then the finaliser of MurmurHash3, because UUIDv7s differ in few bits.
    let bytes = flag.name().bytes().chain(user.0.into_bytes());
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    u8::try_from((hash ^ (hash >> 33)) % 100).unwrap_or(99)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const ON: Option<Setting> = Some(Setting { enabled: true, percent: 100 });
    const OFF: Option<Setting> = Some(Setting { enabled: false, percent: 100 });

    fn table() -> FlagTable {
        FlagTable::new(Flag::ALL.into_iter().map(|flag| (flag, flag.is_built())).collect())
    }
    fn group(n: u128) -> GroupId {
        GroupId(Uuid::from_u128(n))
    }

    #[test]
    fn a_group_wins_over_everybody_and_everybody_over_the_configuration() {
        let mut table = table();
        assert!(table.is_on(Flag::BlitzQuiz, None, None));
        table.set(Flag::BlitzQuiz, None, OFF);
        assert!(!table.is_on(Flag::BlitzQuiz, None, Some(group(1))));
        table.set(Flag::BlitzQuiz, Some(group(1)), ON);
        assert!(table.is_on(Flag::BlitzQuiz, None, Some(group(1))));
        assert!(!table.is_on(Flag::BlitzQuiz, None, Some(group(2))));
        assert_eq!(table.setting(Flag::BlitzQuiz, Some(group(1))).1, Source::Group);
        table.set(Flag::BlitzQuiz, Some(group(1)), None);
        table.set(Flag::BlitzQuiz, None, None);
        assert_eq!(table.setting(Flag::BlitzQuiz, Some(group(1))).1, Source::Config);
    }

    #[test]
    fn what_is_not_built_is_off_whatever_is_set() {
        let mut table = table();
        table.set(Flag::AiCoach, None, ON);
        assert!(!table.is_on(Flag::AiCoach, None, None));
    }

    #[test]
    fn a_conflict_names_the_flag_what_it_needs_and_the_group() {
        let mut table = table();
        assert_eq!(table.conflict(), None);
        table.set(Flag::LiveSessions, Some(group(7)), OFF);
        let expected = Conflict { flag: Flag::BlitzQuiz, needs: Flag::LiveSessions, group: Some(group(7)) };
        assert_eq!(table.conflict(), Some(expected));
        assert!(!table.is_on(Flag::BlitzQuiz, None, Some(group(7))), "and until it is solved, both are off");
        table.set(Flag::BlitzQuiz, Some(group(7)), OFF);
        assert_eq!(table.conflict(), None);
    }

    proptest! {
        #[test]
        fn a_share_only_grows(user: u128, low in 0u8..=100, high in 0u8..=100) {
            prop_assume!(low <= high);
            let user = Some(UserId(Uuid::from_u128(user)));
            let mut table = table();
            table.set(Flag::Realtime, None, Some(Setting { enabled: true, percent: low }));
            let before = table.is_on(Flag::Realtime, user, None);
            table.set(Flag::Realtime, None, Some(Setting { enabled: true, percent: high }));
            prop_assert!(!before || table.is_on(Flag::Realtime, user, None));
        }

        #[test]
        fn a_share_has_about_its_size_even_for_neighbouring_ids(start: u64, percent in 0u8..=100) {
            let ids = (0..2000u128).map(|n| UserId(Uuid::from_u128((u128::from(start) << 32) + n)));
            let inside = ids.filter(|user| bucket(Flag::BlitzQuiz, *user) < percent).count();
            let expected = usize::from(percent) * 20;
            prop_assert!(inside.abs_diff(expected) < 160, "{inside} instead of {expected}");
        }

        #[test]
        fn nothing_is_on_without_what_it_needs(states: [bool; 12]) {
            let mut table = table();
            for (flag, on) in Flag::ALL.into_iter().zip(states) {
                table.set(flag, None, Some(Setting { enabled: on, percent: 100 }));
            }
            for flag in Flag::ALL {
                if table.is_on(flag, None, None) {
                    prop_assert!(flag.needs().iter().all(|needed| table.is_on(*needed, None, None)));
                }
            }
        }
    }
}
