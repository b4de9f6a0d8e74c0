//! What waits for data. In the browser these are Leptos' own; on the server a page is sent whole, so there nothing
//! has to be shown meanwhile, and what waits is built exactly once.
//!
//! Leptos' own build their content up to three times on the server, to find out what it reads, and each of these
//! times asks the database again for what is read inside. So read resources with `.await` in a `Suspend`: here nobody
//! waits for a resource that is only looked at by `.get()`.

use crate::client::IN_BROWSER;
use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    children::{TypedChildren, ViewFnOnce},
    prelude::*,
    reactive::computed::ScopedFuture,
    suspense,
    tachys::{
        hydration::Cursor,
        reactive_graph::OwnedView,
        ssr::StreamBuilder,
        view::{Position, PositionState, any_view::AnyViewState},
    },
};

/// Shows `fallback` while what its children await is on the way, at first and at each change.
#[component]
pub fn Suspense<Chil>(#[prop(optional, into)] fallback: ViewFnOnce, children: TypedChildren<Chil>) -> impl IntoView
where
    Chil: IntoView + Send + 'static,
{
    if IN_BROWSER {
        suspense::Suspense(suspense::SuspenseProps::builder().fallback(fallback).children(children).build()).into_any()
    } else {
        Whole::new(children).into_any()
    }
}

/// Shows `fallback` at first only; at a change the old children stay until the new ones are there.
#[component]
pub fn Transition<Chil>(#[prop(optional, into)] fallback: ViewFnOnce, children: TypedChildren<Chil>) -> impl IntoView
where
    Chil: IntoView + Send + 'static,
{
    if IN_BROWSER {
        let props = suspense::TransitionProps::builder().fallback(fallback).children(children).build();
        suspense::Transition(props).into_any()
    } else {
        Whole::new(children).into_any()
    }
}

/// The server's side: children that are built when all before them on the page is complete. Resources are numbered as
/// they are made, and the browser, which finds all data there, makes them in the order of the page.
struct Whole {
    owner: Owner,
    children: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Whole {
    fn new<Chil: IntoView + Send + 'static>(children: TypedChildren<Chil>) -> Self {
        let owner = Owner::new();
        // Lives as long as what is around it: the page's pieces are made after this view is gone.
        let kept = owner.clone();
        Owner::on_cleanup(move || drop(kept));
        // The number that the browser's boundary takes.
        if let Some(shared) = Owner::current_shared_context() {
            shared.next_id();
        }
        let children = children.into_inner();
        Self { owner, children: Box::new(move || children().into_any()) }
    }
}

impl RenderHtml for Whole {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    /// Only when the routes are listed, where nothing is awaited.
    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        page: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        page.next_id();
        let id = page.clone_id();
        let Self { owner, children } = self;
        let content = owner
            .clone()
            .with(|| ScopedFuture::new(async move { OwnedView::new_with_owner(children().resolve().await, owner) }));
        let mut place = *position;
        page.push_async(async move {
            let mut piece = StreamBuilder::new(id);
            content.await.to_html_async_with_buf::<OUT_OF_ORDER>(
                &mut piece,
                &mut place,
                escape,
                mark_branches,
                attributes,
            );
            piece.finish().take_chunks()
        });
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> AnyViewState {
        (self.children)().hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl Render for Whole {
    type State = AnyViewState;

    fn build(self) -> AnyViewState {
        (self.children)().build()
    }

    fn rebuild(self, state: &mut AnyViewState) {
        (self.children)().rebuild(state);
    }
}

impl AddAnyAttr for Whole {
    type Output<New: Attribute> = Self;

    fn add_any_attr<New: Attribute>(self, attribute: New) -> Self
    where
        Self::Output<New>: RenderHtml,
    {
        let Self { owner, children } = self;
        let attribute = attribute.into_cloneable_owned();
        Self { owner, children: Box::new(move || children().add_any_attr(attribute).into_any()) }
    }
}
