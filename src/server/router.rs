//! All routes and the layers around them. Resources bring their own routes from their own files.
//! Layers that go together are one stack, the outermost first: each by itself would cost every request a box, and a
//! copy of all that is inside it.

use super::{
    assets,
    auth::{Actor, layer::sign_in_layer},
    health, images, import, qr, security,
    state::AppState,
    telemetry, theme,
};
use crate::{
    api::error::AppError,
    app::{App, shell},
    client,
    domain::time::RequestTime,
};
use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::{Request, State},
    http::{Method, StatusCode, Uri, header, request::Parts},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use leptos::{nonce::Nonce, prelude::*, reactive::owner::with_context, server_fn::error::SERVER_FN_ERROR_HEADER};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async_with_context};
use leptos_router::SsrMode;
use std::sync::LazyLock;
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};

/// The whole application.
pub fn router(state: AppState) -> Router {
    let pages = Router::new()
        .leptos_routes_with_context(&state, page_routes(), request_context, document)
        .fallback(not_found)
        .layer(
            ServiceBuilder::new()
                .layer(RequestBodyLimitLayer::new(usize::try_from(state.config.limits.body).unwrap_or(usize::MAX)))
                .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, state.config.request_timeout))
                .layer(map_response(in_one_piece))
                .layer(map_response(error_status)),
        );
    Router::new()
        .merge(pages)
        .merge(qr::routes())
        .merge(images::routes())
        .merge(import::routes::routes())
        .merge(super::live::export::routes())
        // Routes of resources (socket, images, uploads, exports) are merged here; each sets its own body limit.
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(state.clone(), security::same_origin))
                .layer(from_fn_with_state(state.clone(), sign_in_layer)),
        )
        .merge(health::routes())
        .route("/assets/{build}/{*file}", get(assets::immutable))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(telemetry::trace))
                .layer(from_fn_with_state(state.clone(), security::headers))
                .layer(CatchPanicLayer::custom(panicked))
                .layer(CompressionLayer::new().quality(CompressionLevel::Fastest)),
        )
        .with_state(state.clone())
        .merge(super::realtime::gateway::routes(state))
}

/// The pages' routes. Each waits for its data, so that it is complete without JavaScript and has the right status.
/// Found out once: while Leptos goes through them it holds back every resource of the process for ever, also those of
/// pages that another server is rendering just then.
fn page_routes() -> Vec<AxumRouteListing> {
    static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
        generate_route_list(App)
            .into_iter()
            .map(|route| AxumRouteListing::new(route.path().to_owned(), SsrMode::Async, route.methods(), []))
            .collect()
    });
    ROUTES.clone()
}

fn document() -> AnyView {
    shell(assets::prefix()).into_any()
}

/// What pages and server functions find in their context: who asks and when, their theme, and the nonce of this answer.
fn request_context() {
    let found = with_context::<Parts, _>(|parts| {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        (parts.extensions.get::<Actor>().cloned(), query, parts.extensions.get::<security::CspNonce>().cloned())
    });
    let Some((actor, query, nonce)) = found else { return };
    provide_context(actor.unwrap_or(Actor::Anonymous));
    theme::provide();
    if let Some(now) = with_context::<AppState, _>(|state| state.clock.now()) {
        provide_context(RequestTime(now));
    }
    client::form_error::provide(&query);
    if let Some(nonce) = nonce {
        provide_context(Nonce::from_value(nonce.0));
    }
}

/// A file with a fixed address, else the application's page for unknown addresses.
async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(file) = assets::at_root(request.uri().path(), request.headers()) {
        return file;
    }
    if let Some(address) = without_slash(request.uri()) {
        return Redirect::permanent(&address).into_response();
    }
    let context = {
        let state = state.clone();
        move || {
            provide_context(state.clone());
            request_context();
        }
    };
    let mut page = render_app_async_with_context(context, document)(request).await;
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

/// Where an address with a slash at its end leads: to the one without, with the same query.
fn without_slash(address: &Uri) -> Option<String> {
    let path = address.path();
    let shorter = path.trim_end_matches('/');
    // "//host" is another site to a browser, and so is "/\host".
    let local = shorter.len() > 1 && !shorter[1..].starts_with(['/', '\\']);
    let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
    (local && shorter.len() < path.len()).then(|| format!("{shorter}{query}"))
}

/// Gives arguments that could not be read their own status: server functions answer 500 to all that fails before
/// their body runs.
async fn error_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR
        || !response.headers().contains_key(SERVER_FN_ERROR_HEADER)
    {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 64 * 1024).await else { return head.status.into_response() };
    if let Ok(error) = serde_json::from_slice::<AppError>(&body) {
        head.status = StatusCode::from_u16(error.status()).unwrap_or(head.status);
    }
    Response::from_parts(head, Body::from(body))
}

/// Joins a page's pieces: all of it is there by now, and pieces of their own would each cost a write.
async fn in_one_piece(response: Response) -> Response {
    let html =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !html || response.body().size_hint().exact().is_some() {
        return response;
    }
    let (head, body) = response.into_parts();
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(page) => Response::from_parts(head, Body::from(page)),
        Err(error) => panicked(Box::new(error.to_string())),
    }
}

/// The answer after a panic: the log has the details, the person a way on.
fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response<Body> {
    let cause = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    let error = super::call::internal(cause.unwrap_or("panic"));
    let text = (crate::words::en::WORDS.common.error)(&error);
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}
