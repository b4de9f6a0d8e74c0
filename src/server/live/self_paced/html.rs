//! What the pages of playing alone show beside the question, as HTML of plain forms: it needs no code in the browser, so
//! none is downloaded for it.

use crate::{
    api::{
        error::{AppError, Problem},
        self_paced::Setup,
    },
    domain::{
        live::{
            blitz::{PlayerPhase, PlayerView, Progress},
            self_paced::{Refusal, Room, RoomAnswers, Round, USUAL_MS},
        },
        text::html_escape,
        time::{iso, minute},
    },
    server::storage::{AttemptRow, SelfPacedRow},
    words::{en::WORDS, self_paced::words},
};

/// HTML that is written piece by piece: tags as they are, everything else escaped.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    fn tags(&mut self, tags: &str) -> &mut Self {
        self.0.push_str(tags);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        html_escape(&mut self.0, text);
        self
    }

    /// `<p class="…">text</p>`, and the like.
    fn line(&mut self, open: &str, text: &str, close: &str) -> &mut Self {
        self.tags(open).text(text).tags(close)
    }

    fn hidden(&mut self, name: &str, value: &str) -> &mut Self {
        self.tags("<input type=\"hidden\" name=\"").text(name).tags("\" value=\"").text(value).tags("\">")
    }

    /// A date with its time; the browser writes it in the reader's zone.
    fn time(&mut self, at: i64) -> &mut Self {
        self.tags("<time data-local datetime=\"").text(&iso(at)).tags("\">");
        self.text(&minute(at).replace('T', " ")).tags(" UTC</time>")
    }

    pub fn done(self) -> String {
        self.0
    }
}

/// How somebody stands in front of the questions.
pub(super) enum Way<'a> {
    Enter {
        /// The account's name; `None`: a guest, who chooses one.
        account: Option<&'a str>,
        /// Played in the room: this is for practice.
        played: bool,
        typed: &'a str,
        error: Option<AppError>,
    },
    Ready {
        name: &'a str,
        practice: bool,
    },
    Closed,
}

/// Before the first question.
pub(super) fn door(link: &SelfPacedRow, round: &Round, way: Way<'_>, refusal: Option<Refusal>) -> String {
    let words = words();
    let mut html = Html::default();
    let questions = u32::try_from(round.asked.len()).unwrap_or(u32::MAX);
    let seconds = link.timed.then_some(round.quiz.config.time_limit_ms / 1_000);
    html.line("<header class=\"stack stack-tight\"><h1 class=\"title\">", &round.quiz.title, "</h1>");
    html.line("<p class=\"muted\">", &(words.from)(&link.host_name, link.group_name.as_deref()), "</p>");
    html.line("<p>", &(words.facts)(questions, seconds), "</p>");
    html.line("<p class=\"muted\">", words.until, " ").time(link.closes_at).tags("</p></header>");
    match way {
        Way::Enter { account, played, typed, error } => enter(&mut html, link, account, played, typed, error),
        Way::Ready { name, practice } => {
            html.line("<p class=\"lobby-name\">", &(words.ready)(name), "</p>");
            if practice {
                html.line("<p>", words.practising, "</p>");
            }
            html.line("<p class=\"muted\">", if link.timed { words.how[0] } else { words.how[1] }, "</p>");
            onward(&mut html, &link.token, 0, words.start);
        }
        Way::Closed => {
            html.line("<p class=\"lobby-name\">", words.closed_title, "</p>");
            html.line("<p>", words.closed_text, "</p>");
        }
    }
    refused(&mut html, refusal);
    html.done()
}

fn enter(
    html: &mut Html,
    link: &SelfPacedRow,
    account: Option<&str>,
    played: bool,
    typed: &str,
    error: Option<AppError>,
) {
    let (words, all) = (words(), &WORDS);
    let wrong = error.as_ref().and_then(|error| error.problem("name")).map(|problem| match problem {
        Problem::Taken { suggestion: None } => all.live.name_taken.to_owned(),
        problem => (all.common.problem)(problem),
    });
    if played {
        html.line("<p>", words.played, "</p>");
    }
    html.tags("<form class=\"stack\" method=\"post\" action=\"/api/join_self_paced\">").hidden("token", &link.token);
    match account {
        Some(name) => {
            html.line("<p class=\"lobby-name\">", &(words.account)(name), "</p>");
        }
        None => {
            html.line("<div class=\"field\"><label for=\"name\">", all.live.name, "</label>");
            html.line("<p class=\"field-note\" id=\"name-note\">", words.name_note, "</p>");
            html.tags("<input class=\"input input-large\" id=\"name\" name=\"name\" autocomplete=\"nickname\" ");
            html.tags("maxlength=\"80\" required aria-describedby=\"name-note name-error\" value=\"").text(typed);
            html.tags(if wrong.is_some() { "\" aria-invalid=\"true\" autofocus></div>" } else { "\"></div>" });
        }
    }
    html.line("<p class=\"field-error\" id=\"name-error\" role=\"alert\">", wrong.as_deref().unwrap_or(""), "</p>");
    if let Some(error) = error.filter(|_| wrong.is_none()) {
        html.line("<p class=\"form-error\" role=\"alert\">", &(all.common.error)(&error), "</p>");
    }
    html.line("<button class=\"button button-primary button-large\">", words.join, "</button></form>");
}

/// The one press that leads on. It has the focus, so that the keyboard goes from question to question.
fn onward(html: &mut Html, token: &str, seen: u32, label: &str) {
    html.tags("<form class=\"onward\" method=\"post\" action=\"/api/step_self_paced\">");
    html.hidden("token", token).hidden("seen", &seen.to_string());
    html.line("<button class=\"button button-primary button-large\" autofocus>", label, "</button></form>");
}

fn refused(html: &mut Html, refusal: Option<Refusal>) {
    if let Some(refusal) = refusal {
        html.line("<p class=\"field-error\" role=\"alert\">", (words().refused)(refusal), "</p>");
    }
}

/// The line above a question: who plays, where, with how many points.
pub(super) fn head(view: &PlayerView) -> String {
    let (live, mut html) = (&WORDS.live, Html::default());
    html.line("<span class=\"phone-name\">", &view.me.name, "</span><span class=\"muted\">");
    if let Some(Progress { index, total, first }) = progress(view) {
        let say = if first > 0 { live.second_chance_of } else { live.question_of };
        html.text(&say(index - first + 1, total - first));
    }
    html.line("</span><strong>", &(live.points)(view.me.score), "</strong>");
    html.done()
}

fn progress(view: &PlayerView) -> Option<Progress> {
    match view.phase {
        PlayerPhase::LeadIn { progress, .. }
        | PlayerPhase::Answering { progress, .. }
        | PlayerPhase::Reveal { progress, .. } => Some(progress),
        _ => None,
    }
}

/// What the page is called: at a reveal by what came of the answer, so that it is the first that is read aloud.
pub(super) fn title(view: &PlayerView) -> String {
    let live = &WORDS.live;
    let word = match &view.phase {
        PlayerPhase::Reveal { mine: Some(mine), .. } if mine.correct => live.right,
        PlayerPhase::Reveal { mine: Some(_), .. } => live.wrong,
        PlayerPhase::Reveal { mine: None, .. } => live.no_answer,
        PlayerPhase::Ended { .. } => live.ended_title,
        _ => return view.title.clone(),
    };
    [word, " · ", &view.title].concat()
}

/// What stands below a question.
pub(super) struct Below<'a> {
    pub view: &'a PlayerView,
    pub room: &'a Room,
    pub practice: bool,
    /// There is another question, and it may be opened.
    pub goes_on: bool,
    /// Questions that were not opened.
    pub left: u32,
    pub token: &'a str,
    pub refusal: Option<Refusal>,
}

impl Below<'_> {
    pub fn html(&self) -> String {
        let words = words();
        let mut html = Html::default();
        match &self.view.phase {
            PlayerPhase::Reveal { progress, .. } => {
                room(&mut html, self.view, &self.room.answers(progress.index as usize));
            }
            PlayerPhase::Ended { .. } => {
                html.line("<p class=\"muted phone-centre\">", words.compared, "</p>");
                if self.left > 0 && !self.goes_on {
                    html.line("<p class=\"phone-centre\">", &(words.cut_off)(self.left), "</p>");
                }
            }
            _ => {}
        }
        if self.practice {
            html.line("<p class=\"muted small\">", words.practising, "</p>");
        }
        refused(&mut html, self.refusal);
        let label = match self.view.phase {
            PlayerPhase::Reveal { .. } if self.goes_on => Some(words.next),
            PlayerPhase::Reveal { .. } => Some(words.to_end),
            PlayerPhase::Ended { .. } if self.goes_on => Some(words.go_on),
            _ => None,
        };
        if let Some(label) = label {
            onward(&mut html, self.token, self.view.revision, label);
        }
        html.done()
    }
}

/// How the room answered the question that was just closed.
fn room(html: &mut Html, view: &PlayerView, answers: &RoomAnswers) {
    let words = words();
    let PlayerPhase::Reveal { question, solution, .. } = &view.phase else { return };
    html.line("<section class=\"stack stack-tight\"><h2 class=\"panel-title\">", words.room_chart, "</h2>");
    html.line("<p class=\"muted\">", &(words.room)(answers.correct, answers.answered), "</p>");
    if answers.answered > 0 && !answers.distribution.is_empty() {
        html.tags("<ul class=\"room-bars\">");
        for ((option, count), letter) in question.options.iter().zip(&answers.distribution).zip('A'..) {
            let right = solution.correct.iter().any(|right| u32::from(*right) + u32::from('A') == u32::from(letter));
            html.tags(if right { "<li class=\"is-right\"><span>✓ " } else { "<li><span>" });
            html.text(&letter.to_string()).tags(" ").text(&option.text).tags("</span><strong>");
            html.text(&count.to_string()).tags("</strong><meter min=\"0\" max=\"");
            html.text(&answers.answered.to_string()).tags("\" value=\"").text(&count.to_string());
            html.tags("\" aria-hidden=\"true\"></meter></li>");
        }
        html.tags("</ul>");
    }
    html.tags("</section>");
}

/// The teacher's page.
pub(super) struct Teacher<'a> {
    pub session: String,
    pub title: &'a str,
    pub now: i64,
    /// `https://studyhall.example`.
    pub origin: &'a str,
    pub link: Option<&'a SelfPacedRow>,
    /// Each with its closed questions.
    pub attempts: &'a [(AttemptRow, usize)],
    pub total: usize,
    pub typed: Option<&'a str>,
    pub error: Option<AppError>,
}

impl Teacher<'_> {
    pub fn setup(&self) -> Setup {
        let open = self.link.filter(|link| self.now <= link.closes_at);
        let link = open.map(|link| [self.origin, "/again/", &link.token].concat());
        let way_in = open.zip(link.as_deref()).map(|(open, link)| self.way_in(open, link)).unwrap_or_default();
        Setup { title: words().title.to_owned(), head: self.head(), link, way_in, html: self.below(open.is_some()) }
    }

    fn head(&self) -> String {
        let words = words();
        let mut html = Html::default();
        html.line(
            "<header class=\"stack\"><div class=\"row\"><h1>",
            words.title,
            "</h1><span class=\"spacer\"></span>",
        );
        html.tags("<a class=\"button\" href=\"/live/").text(&self.session).tags("/report\" rel=\"external\">");
        html.text(words.to_report).tags("</a></div>");
        html.line("<p class=\"panel-title\">", self.title, "</p>");
        html.line("<p class=\"muted\">", words.intro, "</p></header>");
        if let Some(link) = self.link.filter(|link| self.now > link.closes_at) {
            html.tags("<section class=\"panel\">");
            state(&mut html, words.closed_since, link);
            html.tags("</section>");
        }
        html.done()
    }

    fn way_in(&self, open: &SelfPacedRow, address: &str) -> String {
        let words = words();
        let mut html = Html::default();
        state(&mut html, words.open_until, open);
        html.tags("<div class=\"self-paced-link\"><img class=\"qr\" src=\"/qr/again/").text(&open.token);
        html.tags(".svg\" alt=\"").text(&(words.qr)(address)).tags("\"><div class=\"stack stack-tight\">");
        html.line("<label for=\"link\">", words.link, "</label>");
        html.tags("<input class=\"input\" id=\"link\" readonly value=\"").text(address).tags("\">");
        html.tags("<p><a href=\"").text(address).tags("\" rel=\"external\">").text(words.look);
        html.tags("</a></p></div></div>");
        html.done()
    }

    fn below(&self, open: bool) -> String {
        let words = words();
        let mut html = Html::default();
        self.form(&mut html, open);
        if open {
            html.tags("<form method=\"post\" action=\"/api/close_self_paced\">").hidden("session", &self.session);
            html.line("<button class=\"button\">", words.close, "</button></form>");
        }
        html.line("<section class=\"stack\"><h2>", &(words.players)(self.attempts.len()), "</h2>");
        self.list(&mut html);
        html.tags("</section>");
        html.done()
    }

    /// The deadline in the teacher's own zone, where their browser tells it; else in UTC.
    fn form(&self, html: &mut Html, open: bool) {
        let (words, all) = (words(), &WORDS);
        let closes_at = self.link.filter(|_| open).map_or(self.now + USUAL_MS, |link| link.closes_at);
        let wrong = self.error.as_ref().is_some_and(|error| error.problem("closes").is_some());
        html.tags("<form class=\"panel stack\" method=\"post\" action=\"/api/open_self_paced\">");
        html.hidden("session", &self.session).tags("<input type=\"hidden\" id=\"zone\" name=\"zone\" value=\"\">");
        html.line("<div class=\"field\"><label for=\"closes\">", words.deadline, "</label>");
        html.line("<p class=\"field-note\" id=\"closes-note\">", words.deadline_utc, "</p>");
        html.tags("<input class=\"input\" id=\"closes\" name=\"closes\" type=\"datetime-local\" required ");
        html.tags("aria-describedby=\"closes-note closes-error\" ");
        match self.typed {
            Some(typed) => html.tags("value=\"").text(typed),
            None => html.tags("data-at=\"").text(&closes_at.to_string()).tags("\" value=\"").text(&minute(closes_at)),
        };
        html.tags(if wrong { "\" aria-invalid=\"true\">" } else { "\">" });
        html.line(
            "<p class=\"field-error\" id=\"closes-error\" role=\"alert\">",
            if wrong { words.deadline_wrong } else { "" },
            "</p></div>",
        );
        let timed = self.link.is_none_or(|link| link.timed);
        html.tags("<label class=\"check\"><input type=\"checkbox\" name=\"timed\" aria-describedby=\"timed-note\"");
        html.line(if timed { " checked><span>" } else { "><span>" }, words.timed[0], "</span></label>");
        html.line("<p class=\"field-note\" id=\"timed-note\">", words.timed[1], "</p>");
        if let Some(error) = self.error.as_ref().filter(|_| !wrong) {
            html.line("<p class=\"form-error\" role=\"alert\">", &(all.common.error)(error), "</p>");
        }
        let label = match self.link {
            None => words.open,
            Some(_) if open => words.save,
            Some(_) => words.open_again,
        };
        html.line("<div class=\"row\"><button class=\"button button-primary\">", label, "</button></div></form>");
    }

    fn list(&self, html: &mut Html) {
        let (words, all) = (words(), &WORDS);
        if self.attempts.is_empty() {
            html.line("<p class=\"muted\">", words.nobody, "</p>");
            return;
        }
        html.tags("<div class=\"table-wrap\" tabindex=\"0\"><table class=\"table\"><thead><tr>");
        for column in words.columns {
            html.line("<th scope=\"col\">", column, "</th>");
        }
        html.tags("</tr></thead><tbody>");
        for (row, done) in self.attempts {
            let marks = [row.user_id.is_none().then_some(all.live.guest), row.practice.then_some(words.practice)];
            let marks = marks.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let place = row.rank.map_or("–".to_owned(), |rank| rank.to_string());
            html.line("<tr><th scope=\"row\">", &row.name, " <span class=\"muted small\">").text(&marks);
            html.tags("</span></th><td>");
            html.text(&if *done >= self.total { words.finished.into() } else { (words.done)(*done, self.total) });
            html.line("</td><td>", &row.total_score.to_string(), "</td>");
            html.line("<td>", &place, "</td><td>").time(row.last_at).tags("</td></tr>");
        }
        html.tags("</tbody></table></div>");
        if self.attempts.iter().any(|(row, _)| row.practice) {
            html.line("<p class=\"muted small\">", words.practice_note, "</p>");
        }
    }
}

/// Until when it is open, or since when it is not.
fn state(html: &mut Html, state: &str, link: &SelfPacedRow) {
    html.line("<p><strong>", state, " ").time(link.closes_at).tags("</strong></p>");
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn what_people_wrote_is_text() {
        let mut html = Html::default();
        html.line("<p>", "<b>&\"'", "</p>").hidden("a", "\"><script>");
        let safe =
            "<p>&lt;b&gt;&amp;&quot;&#39;</p><input type=\"hidden\" name=\"a\" value=\"&quot;&gt;&lt;script&gt;\">";
        assert_eq!(html.done(), safe);
    }
}
