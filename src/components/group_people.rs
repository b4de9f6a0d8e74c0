//! Who of a group is there beside the reader, at a glance.

use super::presence::Faces;
use crate::view::view;
use crate::{
    client::presence::use_presence,
    domain::{
        ids::{GroupId, UserId},
        presence::State,
    },
};
use leptos::prelude::*;

#[component]
pub fn GroupPeople(group: GroupId, me: UserId, initial: State) -> impl IntoView {
    let state = use_presence(group, initial);
    let people = Memo::new(move |_| {
        state.with(|state| state.people.iter().filter(|one| one.user != me).cloned().collect::<Vec<_>>())
    });
    let there =
        Signal::derive(move || state.with(|state| state.there.saturating_sub(u32::from(state.find(me).is_some()))));
    view! { <Faces people=people there=there /> }
}
