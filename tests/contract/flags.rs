//! Settings of features on both engines.

use super::{NOW, engines};
use studyhall::{
    domain::{flag_table::Setting, flags::Flag},
    server::storage::FlagRow,
};

const ON: Setting = Setting { enabled: true, percent: 100 };

#[tokio::test]
async fn a_setting_is_written_replaced_and_taken_back_by_scope() {
    for engine in engines().await {
        let (db, admin) = (&engine.db, engine.user().await);
        let group = engine.group(admin).await;
        assert_eq!(db.flag_settings().await.unwrap(), []);

        let share = Setting { enabled: true, percent: 25 };
        let off = Setting { enabled: false, percent: 100 };
        db.set_flag(Flag::BlitzQuiz, None, share, admin, NOW).await.unwrap();
        db.set_flag(Flag::BlitzQuiz, Some(group), off, admin, NOW).await.unwrap();
        db.set_flag(Flag::Realtime, None, ON, admin, NOW).await.unwrap();
        let all = FlagRow { flag: Flag::BlitzQuiz, group: None, setting: share };
        let one = FlagRow { flag: Flag::BlitzQuiz, group: Some(group), setting: off };
        let realtime = FlagRow { flag: Flag::Realtime, group: None, setting: ON };
        let stored = db.flag_settings().await.unwrap();
        assert_eq!(stored.len(), 3);
        assert!([all, one, realtime].iter().all(|row| stored.contains(row)), "{stored:?}");

        // A second time replaces, for this scope alone.
        db.set_flag(Flag::BlitzQuiz, None, ON, admin, NOW + 1).await.unwrap();
        let stored = db.flag_settings().await.unwrap();
        assert_eq!(stored.len(), 3);
        assert!(stored.contains(&FlagRow { setting: ON, ..all }) && stored.contains(&one), "{stored:?}");

        // Twice is no mistake.
        for _ in 0..2 {
            db.clear_flag(Flag::BlitzQuiz, None).await.unwrap();
            let stored = db.flag_settings().await.unwrap();
            assert!(stored.len() == 2 && stored.contains(&one) && stored.contains(&realtime), "{stored:?}");
        }
        db.clear_flag(Flag::BlitzQuiz, Some(group)).await.unwrap();
        assert_eq!(db.flag_settings().await.unwrap(), [realtime]);
    }
}

#[tokio::test]
async fn what_a_newer_program_wrote_is_passed_over_and_shares_stay_within_a_hundred() {
    for engine in engines().await {
        let admin = engine.user().await;
        for row in [
            "INSERT INTO feature_flags (flag, scope, enabled, percent, updated_by, updated_at) \
             VALUES ('TELEPATHY', 'all', TRUE, 100, $1, 0)",
            "INSERT INTO feature_flags (flag, scope, enabled, percent, updated_by, updated_at) \
             VALUES ('PRESENCE', 'everybody', TRUE, 100, $1, 0)",
        ] {
            engine.arrange(row, &[admin.0]).await;
        }
        engine.db.set_flag(Flag::Presence, None, ON, admin, NOW).await.unwrap();
        let known = FlagRow { flag: Flag::Presence, group: None, setting: ON };
        assert_eq!(engine.db.flag_settings().await.unwrap(), [known]);
    }
}
