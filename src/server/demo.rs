//! `studyhall admin demo`: a teacher, a group, ten learners and two decks to look around in.
//! The decks come through the same reading and the same transaction as anybody's import.

use super::{
    auth::password::Passwords,
    clock::Clock,
    import::read,
    random,
    storage::{Confirmed, Db, NewCard, NewUser, StoreError},
};
use crate::{
    api::error::AppError,
    domain::{
        ids::{DeckId, GroupId, UserId},
        import::ImportOptions,
        role::{GroupRole, UserRole},
    },
};

/// The same on every demo, and printed: a demo has nothing to protect. Not for an installation with real people.
pub const PASSWORD: &str = "rivers and capitals";
pub const TEACHER: &str = "ms.rivera@demo.studyhall";
const GROUP: &str = "Geography 8b";
const LEARNERS: [&str; 10] = [
    "Amara Okafor",
    "Ben Lindqvist",
    "Chloé Martin",
    "Dmytro Kovalenko",
    "Elif Yılmaz",
    "Farid Rahimi",
    "Grace Kim",
    "Hugo Santos",
    "Ines Novak",
    "Jonas Weber",
];
const COUNTRIES: &[u8] = include_bytes!("../../demo/countries.csv");
const ELEMENTS: &[u8] = include_bytes!("../../demo/elements.tsv");

/// What the demo consists of, for the operator.
#[derive(Clone, Debug)]
pub struct Demo {
    pub teacher: &'static str,
    pub password: &'static str,
    /// E-mails.
    pub learners: Vec<String>,
    pub group: GroupId,
    pub decks: Vec<DeckId>,
}

/// Why the demo could not be made, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the demo's password could not be hashed: {0}")]
    Hash(AppError),
    #[error("the demo's deck {0} could not be read")]
    Deck(&'static str),
}

/// Makes the demo, or what is missing of it. Doing it again changes nothing that is there.
pub async fn create(db: &Db, clock: &Clock) -> Result<Demo, DemoError> {
    let now = clock.now();
    let mut hash = None;
    let teacher = person(db, TEACHER, "Ms. Rivera", UserRole::Teacher, &mut hash, now).await?;
    let group = match db.groups_of(teacher).await?.into_iter().find(|group| group.name == GROUP) {
        Some(group) => group.id,
        None => {
            let id = random::id(now);
            db.create_group(id, GROUP, teacher, now).await?;
            id
        }
    };
    let mut learners = Vec::new();
    for name in LEARNERS {
        let first = name.split(' ').next().unwrap_or(name).to_lowercase().replace('é', "e");
        let email = format!("{first}@demo.studyhall");
        let learner = person(db, &email, name, UserRole::Learner, &mut hash, now).await?;
        if db.group_role(group, learner).await?.is_none() {
            db.add_member(group, learner, GroupRole::Member, now).await?;
        }
        learners.push(email);
    }
    let decks = vec![
        deck(db, group, teacher, "Capitals of the world", COUNTRIES, now).await?,
        deck(db, group, teacher, "Chemical elements", ELEMENTS, now).await?,
    ];
    Ok(Demo { teacher: TEACHER, password: PASSWORD, learners, group, decks })
}

/// `hash` is made once: it is slow on purpose.
async fn person(
    db: &Db,
    email: &str,
    name: &str,
    role: UserRole,
    hash: &mut Option<String>,
    now: i64,
) -> Result<UserId, DemoError> {
    if let Some(user) = db.user_by_email(email).await? {
        return Ok(user.id);
    }
    if hash.is_none() {
        *hash = Some(Passwords::default().hash(PASSWORD.to_owned()).await.map_err(DemoError::Hash)?);
    }
    let id = random::id(now);
    let password_hash = hash.as_deref().unwrap_or_default();
    db.create_user(NewUser { id, email, display_name: name, password_hash, role, now }).await?;
    Ok(id)
}

async fn deck(
    db: &Db,
    group: GroupId,
    teacher: UserId,
    title: &'static str,
    file: &[u8],
    now: i64,
) -> Result<DeckId, DemoError> {
    if let Some(deck) = db.group_decks(group).await?.into_iter().find(|deck| deck.title == title) {
        return Ok(deck.id);
    }
    let reading = read(file, &ImportOptions::default(), &[]);
    let (cards, categories): (Vec<NewCard>, Vec<Option<String>>) = reading
        .plan
        .cards
        .into_iter()
        .map(|card| {
            // A region makes a good category: distractors then come from the same part of the world.
            let region = card.text.tags.iter().find_map(|tag| tag.strip_prefix("region:"));
            let category = card.category.or_else(|| region.map(|region| region.replace('-', " ")));
            (NewCard { id: random::id(now), category_id: None, text: card.text }, category)
        })
        .unzip();
    let (id, import) = (random::id(now), random::id(now));
    db.create_deck(id, Some(group), teacher, title, now).await?;
    db.create_import(import, id, teacher, title, file, now).await?;
    match db.confirm_import(import, id, cards, &categories, || random::id(now), now).await? {
        Confirmed::Added(cards) if cards > 0 => Ok(id),
        _ => Err(DemoError::Deck(title)),
    }
}
