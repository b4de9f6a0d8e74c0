//! How calls and answers travel. Pages ask for packed answers (postcard), which the browser reads with a fraction of
//! the code that JSON takes; forms without JavaScript and programs send the same calls and get redirects and JSON.

use super::error::AppError;
use leptos::server_fn::{
    Bytes, Protocol, ServerFn,
    client::Client,
    codec::{Encoding, FromReq, GetUrl, IntoReq, IntoRes, Json, PostUrl},
    request::Req,
    response::{ClientRes, Res, TryRes},
    server::Server,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, marker::PhantomData, str::FromStr, sync::Arc};

/// The type of a packed answer: what a page sends as `Accept` and gets as `Content-Type`.
pub const PACKED: &str = "application/x-postcard";

/// The protocol of all server functions, as [`Get`] or [`Post`].
pub struct Wire<Input>(PhantomData<Input>);

/// For what only reads: `#[server(protocol = Get)]`.
pub type Get = Wire<GetUrl>;

/// For what changes something, and what a form sends: `#[server(protocol = Post)]`.
pub type Post = Wire<PostUrl>;

/// Which HTTP method a [`Wire`] uses.
pub trait Carries {
    /// The arguments are the query of a GET request.
    const GET: bool;
}

impl Carries for Post {
    const GET: bool = false;
}

impl Carries for Get {
    const GET: bool = true;
}

/// A server function that pages can call; the type is that of its arguments.
pub trait Ask:
    ServerFn<Protocol: Carries, Error = AppError, Output: Serialize + DeserializeOwned + 'static> + Serialize + 'static
{
}

impl<S> Ask for S where
    S: ServerFn<Protocol: Carries, Error = AppError, Output: Serialize + DeserializeOwned + 'static>
        + Serialize
        + 'static
{
}

impl<Input, Arguments, Output, C, S> Protocol<Arguments, Output, C, S, AppError> for Wire<Input>
where
    Input: Encoding,
    Arguments: IntoReq<Input, C::Request, AppError> + FromReq<Input, S::Request, AppError> + Send,
    Output: Serialize + DeserializeOwned + Send,
    C: Client<AppError>,
    S: Server<AppError>,
{
    const METHOD: http::Method = Input::METHOD;

    async fn run_server<F, Fut>(request: S::Request, body: F) -> Result<S::Response, AppError>
    where
        F: Fn(Arguments) -> Fut + Send,
        Fut: Future<Output = Result<Output, AppError>> + Send,
    {
        if request.accepts().as_deref() != Some(PACKED) {
            let arguments = Arguments::from_req(request).await?;
            let output = body(arguments).await?;
            return <Output as IntoRes<Json, S::Response, AppError>>::into_res(output).await;
        }
        let result = match Arguments::from_req(request).await {
            Ok(arguments) => body(arguments).await,
            Err(error) => Err(error),
        };
        let packed = Bytes::copy_from_slice(Answer::of(&result).bytes());
        match result {
            Ok(_) => S::Response::try_from_bytes(PACKED, packed),
            Err(_) => {
                let mut response = S::Response::error_response("", packed);
                response.content_type(PACKED);
                Ok(response)
            }
        }
    }

    // Pages go through `client`, whose code is shared by all calls; this is for programs.
    async fn run_client(path: &str, arguments: Arguments) -> Result<Output, AppError> {
        let response = C::send(arguments.into_req(path, PACKED)?).await?;
        Answer::from(response.try_into_bytes().await?.to_vec()).read()
    }
}

/// What a server function answered, packed: `Result<Output, AppError>`. One type for all of them, so that what holds
/// and passes on answers is compiled once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer(Arc<[u8]>);

/// The first byte of an answer that is an error, as postcard writes a `Result`.
const ERROR: u8 = 1;

impl Answer {
    pub fn of<T: Serialize>(result: &Result<T, AppError>) -> Self {
        // Fails only for types that postcard cannot write, such as sequences of unknown length.
        postcard::to_allocvec(result).map_or_else(|_| Self::error(&unreadable()), Self::from)
    }

    pub fn error(error: &AppError) -> Self {
        Self::from(postcard::to_allocvec(&Err::<(), _>(error)).unwrap_or_default())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What cannot be read is an error of ours: both sides are of one build.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        match self.0.split_first() {
            Some((0, value)) => postcard::from_bytes(value).map_err(|_| unreadable()),
            _ => Err(self.failure().unwrap_or_else(unreadable)),
        }
    }

    /// The error, when it is one.
    pub fn failure(&self) -> Option<AppError> {
        let error = self.0.strip_prefix(&[ERROR])?;
        Some(postcard::from_bytes(error).unwrap_or_else(|_| unreadable()))
    }
}

fn unreadable() -> AppError {
    AppError::Internal { reference: "transport".to_owned() }
}

impl From<Vec<u8>> for Answer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

/// As text inside a page, ASCII alone: most characters stand for themselves, so that texts stay readable and compress
/// with the page around them; what a script could stumble over, and what is no ASCII, is a pair (see [`PAIRS`]).
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(self.0.len() * 2);
        for &byte in self.0.iter() {
            match PAIRS[usize::from(byte)] {
                [0, _] => text.push(char::from(byte)),
                pair => text.extend(pair.map(char::from)),
            }
        }
        f.write_str(&text)
    }
}

impl FromStr for Answer {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.bytes();
        while let Some(first) = rest.next() {
            let pair = [first, if LEADS.contains(&first) { rest.next().unwrap_or_default() } else { 0 }];
            let byte = if pair[1] == 0 { Some(usize::from(first)) } else { PAIRS.iter().position(|it| *it == pair) };
            bytes.push(byte.unwrap_or_default() as u8);
        }
        Ok(Self::from(bytes))
    }
}

/// What a pair begins with.
const LEADS: [u8; 2] = *b"^`";

/// For each byte its pair of characters; a first 0: the byte stands for itself. The pairs are numbered in the order of
/// the bytes; the n-th has the first lead and the n-th plain character, past these the second lead and again.
const PAIRS: [[u8; 2]; 256] = {
    const fn plain(byte: u8) -> bool {
        matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'<' | b'\'' | b'^' | b'`')
    }
    let mut pairs = [[0; 2]; 256];
    let (mut byte, mut lead, mut second) = (0, 0, b' ');
    while byte < 256 {
        if !plain(byte as u8) {
            while !plain(second) {
                second += 1;
                if second > b'~' {
                    second = b' ';
                    lead += 1;
                }
            }
            pairs[byte] = [LEADS[lead], second];
            second += 1;
        }
        byte += 1;
    }
    pairs
};

#[cfg(test)]
mod tests {
    use super::Answer;
    use crate::{api::error::AppError, domain::problem::Problem};
    use proptest::prelude::*;

    #[test]
    fn an_error_is_read_with_any_type() {
        let error = AppError::field("name", Problem::TooLong { max: 80 });
        let answer = Answer::error(&error);
        assert_eq!(answer.failure(), Some(error.clone()));
        assert_eq!(answer.read::<Vec<String>>(), Err(error.clone()));
        assert_eq!(answer, Answer::of(&Err::<u64, _>(error)));
        assert_eq!(Answer::of(&Ok(7)).failure(), None);
        assert_eq!(Answer::of(&Ok(7)).read::<i32>(), Ok(7));
    }

    #[test]
    fn garbage_is_an_error() {
        for bytes in [vec![], vec![0], vec![1], vec![2, 3], vec![1, 255]] {
            assert!(matches!(Answer::from(bytes).read::<String>(), Err(AppError::Internal { .. })));
        }
    }

    proptest! {
        #[test]
        fn text_needs_no_escape_and_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let answer = Answer::from(bytes);
            let text = answer.to_string();
            prop_assert_eq!(format!("{text:?}"), format!("\"{text}\""));
            prop_assert!(!text.contains('<') && text.is_ascii());
            prop_assert_eq!(text.parse::<Answer>(), Ok(answer));
        }
    }
}
