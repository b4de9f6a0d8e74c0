//! Markdown of cards as safe HTML: parsed, sanitised, and only then given its formulas as MathML
//! (the sanitiser knows no MathML). Raw HTML is shown as text; pictures come from Studyhall itself or become links.

use super::random;
use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use pulldown_latex::{RenderConfig, Storage, config::DisplayMode, mathml::push_mathml};
use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::LazyLock,
};

/// Elements inside each other; what is deeper loses its element, not its text.
const DEPTH: usize = 60;
/// Bytes of one formula.
const MATH_MAX: usize = 2_000;
/// Braces inside each other in one formula.
const MATH_DEPTH: usize = 40;
/// Bytes of the stack for formulas: memory is only used as far as it is needed.
const MATH_STACK: usize = 64 * 1024 * 1024;
/// Parts of one parsed formula.
const MATH_PARTS: usize = 10_000;

const OPTIONS: Options = Options::ENABLE_MATH.union(Options::ENABLE_TABLES).union(Options::ENABLE_STRIKETHROUGH);

/// Safe HTML for the inside of a page. Never fails: what is broken is shown as it was typed.
pub fn render(markdown: &str) -> String {
    if is_plain(markdown) {
        return format!("<p>{}</p>\n", escape(markdown));
    }
    // Stands where a formula will be. Drawn anew each time, so that no card can contain it.
    let mark = format!("math{}x", random::hex(&random::bytes::<12>()));
    let mut sources = Vec::new();
    let mut filter = Filter::default();
    let events = Parser::new_ext(markdown, OPTIONS).filter_map(|event| {
        filter.event(event, |source, display| {
            sources.push((source.to_owned(), display));
            format!("{mark}{}.", sources.len() - 1)
        })
    });
    let mut unsafe_html = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut unsafe_html, events);
    let mut safe = SANITISER.clean(&unsafe_html).to_string();
    if !sources.is_empty() {
        let formulas = formulas(&sources);
        let mut with_math = String::with_capacity(safe.len() * 2);
        for (nth, piece) in safe.split(&mark).enumerate() {
            let formula =
                piece.split_once('.').and_then(|(n, rest)| Some((formulas.get(n.parse::<usize>().ok()?)?, rest)));
            match formula {
                Some((formula, rest)) if nth > 0 => {
                    with_math.push_str(formula);
                    with_math.push_str(rest);
                }
                _ => with_math.push_str(piece),
            }
        }
        safe = with_math;
    }
    safe
}

/// The text without markup on one line, for a quiz option or a title: formulas as their source, pictures as their words.
pub fn plain_text(markdown: &str) -> String {
    if is_plain(markdown) {
        return markdown.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, OPTIONS) {
        match event {
            Event::Text(t)
            | Event::Code(t)
            | Event::Html(t)
            | Event::InlineHtml(t)
            | Event::InlineMath(t)
            | Event::DisplayMath(t) => text.push_str(&t),
            Event::SoftBreak | Event::HardBreak | Event::Rule => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableCell,
            ) => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Most cards: one line without a character that could mean something in Markdown.
fn is_plain(markdown: &str) -> bool {
    let begins_plainly = markdown.chars().next().is_some_and(char::is_alphabetic);
    begins_plainly
        && !markdown.contains(['\\', '`', '*', '_', '[', ']', '<', '>', '&', '~', '|', '\n', '$', '!', '#', '\r'])
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What an element becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Yes,
    /// Its text stays, the element goes.
    TextOnly,
    /// A foreign picture that became a link.
    AsLink,
}

#[derive(Default)]
struct Filter {
    open: Vec<Kept>,
    /// Pictures that are open: their text ends up in an attribute, where no formula may stand.
    images: usize,
    links: usize,
}

impl Filter {
    fn event<'a>(&mut self, event: Event<'a>, mut place: impl FnMut(&str, bool) -> String) -> Option<Event<'a>> {
        match event {
            Event::Start(tag) => self.start(tag).map(Event::Start),
            Event::End(end) => self.end(end).map(Event::End),
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::InlineMath(source) | Event::DisplayMath(source) if self.images > 0 => Some(Event::Text(source)),
            Event::InlineMath(source) => Some(Event::Text(place(&source, false).into())),
            Event::DisplayMath(source) => Some(Event::Text(place(&source, true).into())),
            other => Some(other),
        }
    }

    fn start<'a>(&mut self, tag: Tag<'a>) -> Option<Tag<'a>> {
        let (kept, tag) = if self.open.len() >= DEPTH {
            (Kept::TextOnly, None)
        } else {
            match tag {
                Tag::Heading { level, .. } => (Kept::Yes, Some(heading(level))),
                Tag::Image { ref dest_url, .. } if is_own_image(dest_url) && self.images == 0 => {
                    self.images += 1;
                    (Kept::Yes, Some(tag))
                }
                Tag::Image { dest_url, title, .. } if self.links == 0 && self.images == 0 => {
                    self.links += 1;
                    let id = CowStr::Borrowed("");
                    (Kept::AsLink, Some(Tag::Link { link_type: LinkType::Inline, dest_url, title, id }))
                }
                Tag::Image { .. } => (Kept::TextOnly, None),
                Tag::Link { .. } => {
                    self.links += 1;
                    (Kept::Yes, Some(tag))
                }
                Tag::HtmlBlock => (Kept::Yes, Some(Tag::Paragraph)),
                tag => (Kept::Yes, Some(tag)),
            }
        };
        self.open.push(kept);
        tag
    }

    fn end(&mut self, end: TagEnd) -> Option<TagEnd> {
        let kept = self.open.pop().unwrap_or(Kept::TextOnly);
        match (kept, end) {
            (Kept::TextOnly, _) => None,
            (Kept::AsLink, _) => {
                self.links = self.links.saturating_sub(1);
                Some(TagEnd::Link)
            }
            (Kept::Yes, TagEnd::Image) => {
                self.images = self.images.saturating_sub(1);
                Some(TagEnd::Image)
            }
            (Kept::Yes, TagEnd::Link) => {
                self.links = self.links.saturating_sub(1);
                Some(TagEnd::Link)
            }
            (Kept::Yes, TagEnd::HtmlBlock) => Some(TagEnd::Paragraph),
            (Kept::Yes, TagEnd::Heading(level)) => Some(heading(level).to_end()),
            (Kept::Yes, end) => Some(end),
        }
    }
}

/// The page has its own first and second level.
fn heading(level: HeadingLevel) -> Tag<'static> {
    let level = match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    };
    Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }
}

fn is_own_image(address: &str) -> bool {
    address.strip_prefix("/images/").is_some_and(|id| uuid::Uuid::try_parse(id).is_ok())
}

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "p",
        "br",
        "hr",
        "em",
        "strong",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "img",
    ];
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(tags))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("img", HashSet::from(["src", "alt", "title"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .set_tag_attribute_value("img", "loading", "lazy")
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") => is_own_image(value).then(|| value.into()),
            _ => Some(value.into()),
        })
        .link_rel(Some("nofollow noopener"));
    builder
});

/// Formulas as MathML, or their sources marked as broken; `true` for those on a line of their own.
/// The parser calls itself for each argument, so a hostile formula needs a stack deeper than a request's.
fn formulas(sources: &[(String, bool)]) -> Vec<String> {
    let render = || sources.iter().map(|(source, display)| mathml(source, *display)).collect::<Vec<_>>();
    let rendered = std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(MATH_STACK).spawn_scoped(scope, render).ok()?.join().ok()
    });
    let failed = || Err("The formula cannot be read.".to_owned());
    let rendered = rendered.unwrap_or_else(|| sources.iter().map(|_| failed()).collect());
    rendered
        .into_iter()
        .zip(sources)
        .map(|(result, (source, display))| result.unwrap_or_else(|reason| broken(source, *display, &reason)))
        .collect()
}

fn broken(source: &str, display: bool, reason: &str) -> String {
    let around = if display { "$$" } else { "$" };
    let reason: String = reason.lines().next().unwrap_or_default().chars().take(200).collect();
    format!("<code class=\"math-error\" title=\"{}\">{around}{}{around}</code>", escape(&reason), escape(source))
}

fn mathml(source: &str, display: bool) -> Result<String, String> {
    let mut depth = 0_usize;
    let deepest = source.chars().fold(0, |deepest, c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest.max(depth)
    });
    let left = source.matches("\\left").count() + source.matches("\\begin").count();
    if source.len() > MATH_MAX || deepest > MATH_DEPTH || left > MATH_DEPTH {
        return Err("The formula is too long or too deep.".to_owned());
    }
    // Own commands could call themselves.
    if [
        "\\def",
        "\\edef",
        "\\gdef",
        "\\xdef",
        "\\let",
        "\\newcommand",
        "\\renewcommand",
        "\\providecommand",
        "\\futurelet",
    ]
    .iter()
    .any(|command| source.contains(command))
    {
        return Err("Own commands cannot be defined here.".to_owned());
    }
    let rendered = catch_unwind(AssertUnwindSafe(|| {
        let storage = Storage::new();
        let mut events = Vec::new();
        for event in pulldown_latex::Parser::new(source, &storage).take(MATH_PARTS) {
            events.push(event.map_err(|error| error.to_string())?);
        }
        let config = RenderConfig {
            display_mode: if display { DisplayMode::Block } else { DisplayMode::Inline },
            ..RenderConfig::default()
        };
        let mut markup = String::new();
        push_mathml(&mut markup, events.into_iter().map(Ok::<_, std::fmt::Error>), config)
            .map_err(|error| error.to_string())?;
        Ok(markup)
    }));
    rendered.unwrap_or_else(|_| Err("The formula cannot be read.".to_owned()))
}

#[cfg(test)]
mod tests;
