//! One client's documents and everything that is known of them. Owns the state, which one task alone changes, event by event: what a
//! client sends and what Lean has found out come through one channel. Nothing here waits for Lean.

use super::checks::{Queue, Tell, Urgency};
use super::document::{Document, Kind};
use super::features::View;
use super::features::diagnostics::diagnostics;
use super::features::hints::{Counts, counts};
use super::settings::{ClientSettings, Settings};
use super::text::Encoding;
use super::unit::Unit;
use crate::dataset::{ProblemFields, problems};
use crate::domain::{Inspection, InspectionRequest, Problem, Rung};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{oneshot, watch};
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::notification::Notification;
use tower_lsp_server::ls_types::{
    DidChangeTextDocumentParams, DidOpenTextDocumentParams, MessageType, Position, ProgressToken, Uri,
};

/// Units of an opened document that are taken to be on the screen until the client says what is.
const FIRST_SCREEN: usize = 60;

/// Units of a document whose judging is shown as progress.
const WORTH_PROGRESS: usize = 50;

/// How long diagnostics of a document wait for more of them: ten times what showing them takes, within these bounds.
const SHORTEST: Duration = Duration::from_millis(40);
const LONGEST: Duration = Duration::from_secs(1);

/// How often a client is asked to ask again for hints.
const REFRESH: Duration = Duration::from_millis(400);

/// What comes to a session.
pub enum Event {
    /// Something a client asks for, with whatever it needs to answer.
    Do(Box<dyn FnOnce(&mut Session) + Send>),
    /// More is known of a unit.
    Known { uri: Uri, unit: Arc<Unit>, urgency: Urgency },
    /// The client is gone.
    Over,
}

/// What all sessions of a server have in common.
pub struct Common {
    pub queue: Queue,
    pub settings: Settings,
    /// Directories of library sources.
    pub libraries: Vec<PathBuf>,
    /// Where pages for editors are written.
    pub folder: PathBuf,
    /// Where verdicts are explained.
    pub trust: Option<Uri>,
    /// Asks a model to repair a record, if there is one.
    pub repairs: Option<super::repair::Repairs>,
}

/// What a client can do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Abilities {
    pub refreshes_hints: bool,
    pub refreshes_lenses: bool,
    pub shows_progress: bool,
    pub shows_documents: bool,
    /// It asked to be told verdicts in numbers.
    pub hears_verdicts: bool,
}

/// `$/afcheck/verdicts`: a document in numbers, for clients that ask for it.
pub enum Verdicts {}

/// Its parameters.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct VerdictsOf {
    pub uri: Uri,
    #[serde(flatten)]
    pub counts: serde_json::Value,
}

impl Notification for Verdicts {
    type Params = VerdictsOf;
    const METHOD: &'static str = "$/afcheck/verdicts";
}

/// An open document and what is to be done about it.
struct Open {
    document: Document,
    tell: Tell,
    /// The line people are at.
    near: usize,
    publish_at: Option<Instant>,
    /// What showing its diagnostics took the last time.
    took: Duration,
    /// Changed units, until nobody types any more.
    waiting: Vec<Arc<Unit>>,
    check_at: Option<Instant>,
    /// Who wants to know when all of it is judged.
    asked: Vec<oneshot::Sender<Counts>>,
    progress: Option<watch::Sender<(u64, u64)>>,
}

/// A client's state.
pub struct Session {
    pub client: Client,
    pub common: Arc<Common>,
    pub events: UnboundedSender<Event>,
    pub encoding: Encoding,
    pub abilities: Abilities,
    settings: Settings,
    /// What the client has set.
    set: ClientSettings,
    references: HashMap<String, Problem>,
    documents: HashMap<Uri, Open>,
    /// Names by what is imported.
    names: HashMap<String, Arc<Vec<String>>>,
    refresh_at: Option<Instant>,
    tokens: u64,
}

impl Session {
    pub fn new(client: Client, common: Arc<Common>, events: UnboundedSender<Event>) -> Session {
        let settings = common.settings.clone();
        let mut session = Session {
            client,
            common,
            events,
            encoding: Encoding::default(),
            abilities: Abilities::default(),
            settings,
            set: ClientSettings::default(),
            references: HashMap::new(),
            documents: HashMap::new(),
            names: HashMap::new(),
            refresh_at: None,
            tokens: 0,
        };
        session.read_references();
        session
    }

    /// Takes in events until there are no more.
    pub async fn run(mut self, mut events: UnboundedReceiver<Event>) {
        loop {
            let next = self.next_time();
            let event = tokio::select! {
                event = events.recv() => event,
                () = tokio::time::sleep_until(next.unwrap_or_else(Instant::now).into()), if next.is_some() => None,
            };
            match event {
                Some(Event::Do(act)) => act(&mut self),
                Some(Event::Known { uri, unit, urgency }) => self.known(&uri, &unit, urgency),
                Some(Event::Over) => return,
                None => {}
            }
            self.due().await;
        }
    }

    fn next_time(&self) -> Option<Instant> {
        let of_documents = self.documents.values().flat_map(|open| [open.publish_at, open.check_at]);
        of_documents.chain([self.refresh_at]).flatten().min()
    }

    /// Does what is due by now.
    async fn due(&mut self) {
        let now = Instant::now();
        let mut to_publish = Vec::new();
        for (uri, open) in &mut self.documents {
            if open.check_at.is_some_and(|at| at <= now) {
                open.check_at = None;
                self.common.queue.check(Urgency::Edited, open.waiting.drain(..).collect::<Vec<_>>().iter(), &open.tell);
            }
            if open.publish_at.is_some_and(|at| at <= now) {
                to_publish.push(uri.clone());
            }
        }
        for uri in to_publish {
            self.publish(&uri).await;
        }
        if self.refresh_at.is_some_and(|at| at <= now) {
            self.refresh_at = None;
            let (client, abilities) = (self.client.clone(), self.abilities);
            // Answers of clients are waited for by nobody else.
            tokio::spawn(async move {
                if abilities.refreshes_hints {
                    let _ = client.inlay_hint_refresh().await;
                }
                if abilities.refreshes_lenses {
                    let _ = client.code_lens_refresh().await;
                }
            });
        }
    }

    async fn publish(&mut self, uri: &Uri) {
        let begun = Instant::now();
        let Some(view) = self.view(uri) else { return };
        let Some(open) = self.documents.get(uri) else { return };
        let (found, counts) = (diagnostics(&view, open.near), counts(&view));
        let version = view.document.version;
        self.client.publish_diagnostics(uri.clone(), found, Some(version)).await;
        if self.abilities.hears_verdicts {
            let counts = serde_json::json!(counts);
            self.client.send_notification::<Verdicts>(VerdictsOf { uri: uri.clone(), counts }).await;
        }
        let Some(open) = self.documents.get_mut(uri) else { return };
        open.publish_at = None;
        open.took = begun.elapsed();
        let judged = counts.accepted + counts.rejected + counts.undecided;
        if let Some(progress) = &open.progress {
            let _ = progress.send((judged, judged + counts.pending));
        }
        if counts.pending == 0 {
            open.progress = None;
            for asked in open.asked.drain(..) {
                let _ = asked.send(counts);
            }
        }
        self.refresh_at.get_or_insert(Instant::now() + REFRESH);
    }

    fn known(&mut self, uri: &Uri, unit: &Arc<Unit>, urgency: Urgency) {
        let Some(open) = self.documents.get_mut(uri).filter(|_| !unit.is_gone()) else { return };
        let now = Instant::now();
        let wait = match urgency {
            Urgency::Asked | Urgency::Edited => Duration::ZERO,
            _ => (10 * open.took).clamp(SHORTEST, LONGEST),
        };
        let at = now + wait;
        open.publish_at = Some(open.publish_at.map_or(at, |planned| planned.min(at)));
        let known = unit.known().clone();
        let states_something = known.report.is_some_and(|report| report.verdict.level() >= Some(Rung::Statement));
        if states_something
            && known.equivalence.is_none()
            && unit.fields.as_ref().is_some_and(|fields| fields.id.is_some())
            && let Some(reference) = self.references.get(&unit.record.id)
            && reference.header.as_deref().unwrap_or_default() == unit.record.header.as_deref().unwrap_or_default()
        {
            self.common.queue.compare(unit, reference.formal.as_str().into(), &open.tell);
        }
    }

    /// A document as the client sees it.
    pub fn view<'a>(&'a self, uri: &'a Uri) -> Option<View<'a>> {
        let open = self.documents.get(uri)?;
        Some(View { uri, document: &open.document, encoding: self.encoding, trust: self.common.trust.as_ref() })
    }

    /// The problem that a unit is an answer to.
    pub fn reference(&self, unit: &Unit) -> Option<&Problem> {
        unit.fields.as_ref().filter(|fields| fields.id.is_some())?;
        self.references.get(&unit.record.id)
    }

    pub fn open(&mut self, params: DidOpenTextDocumentParams) {
        let opened = params.text_document;
        let Some(kind) = Kind::of(&opened.language_id, &opened.uri) else { return };
        let (document, units) = Document::open(&opened.uri, kind, opened.version, &opened.text, &self.settings.reading);
        let (uri, events) = (opened.uri.clone(), self.events.clone());
        let tell: Tell = Arc::new(move |unit, urgency| {
            let _ = events.send(Event::Known { uri: uri.clone(), unit: unit.clone(), urgency });
        });
        let (first, rest) = units.split_at(units.len().min(FIRST_SCREEN));
        self.common.queue.check(Urgency::Visible, first.iter(), &tell);
        self.common.queue.check(Urgency::Rest, rest.iter(), &tell);
        // As long as nothing is known there is nothing to say.
        let has_bad = document.bad().next().is_some();
        let progress = (units.len() >= WORTH_PROGRESS).then(|| self.progress(document_name(&opened.uri))).flatten();
        let open = Open {
            document,
            tell,
            near: 0,
            publish_at: has_bad.then(Instant::now),
            took: Duration::ZERO,
            waiting: vec![],
            check_at: None,
            asked: vec![],
            progress,
        };
        self.documents.insert(opened.uri, open);
    }

    pub fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        let Some(open) = self.documents.get_mut(&uri) else { return };
        let version = params.text_document.version;
        let fresh = open.document.change(version, &params.content_changes, self.encoding, &self.settings.reading);
        open.near = fresh.line.unwrap_or(open.near);
        if !fresh.units.is_empty() {
            open.waiting.retain(|unit| !unit.is_gone());
            open.waiting.extend(fresh.units);
            open.check_at = Some(Instant::now() + self.settings.debounce);
        }
        if fresh.lost {
            open.publish_at = Some(Instant::now());
        }
    }

    /// Closes a document: what it said is said no longer.
    pub fn close(&mut self, uri: Uri) {
        if self.documents.remove(&uri).is_some() {
            let client = self.client.clone();
            tokio::spawn(async move { client.publish_diagnostics(uri, vec![], None).await });
        }
    }

    /// Takes in what a client sets; what is judged otherwise now is judged again.
    pub fn set(&mut self, client: &ClientSettings) {
        // Clients tell the same twice when they start.
        if self.set == *client {
            return;
        }
        match self.common.settings.with(client) {
            Ok(settings) => {
                self.set = client.clone();
                let had = self.settings.references.clone();
                self.settings = settings;
                if had != self.settings.references {
                    self.read_references();
                }
                self.judge_all_anew();
            }
            Err(wrong) => self.say(MessageType::ERROR, format!("afcheck: the settings are as before: {wrong}")),
        }
    }

    /// Judges everything again: settings or libraries have changed.
    pub fn judge_all_anew(&mut self) {
        self.names.clear();
        for open in self.documents.values_mut() {
            let units = open.document.reread(&self.settings.reading);
            open.waiting.clear();
            self.common.queue.check(Urgency::Visible, units.iter(), &open.tell);
            open.publish_at = Some(Instant::now());
        }
    }

    fn read_references(&mut self) {
        self.references.clear();
        let Some(name) = self.settings.references.clone() else { return };
        match problems(&name, &ProblemFields::default(), None) {
            Ok(all) => self.references.extend(all.into_iter().map(|problem| (problem.id.clone(), problem))),
            Err(error) => self.say(MessageType::WARNING, format!("afcheck: no reference statements: {error}")),
        }
    }

    /// Units in these lines are on the screen.
    pub fn shown(&mut self, uri: &Uri, lines: std::ops::Range<usize>) {
        let Some(open) = self.documents.get(uri) else { return };
        let unknown: Vec<&Arc<Unit>> =
            open.document.units_in(lines).map(|(_, unit)| unit).filter(|unit| unit.known().report.is_none()).collect();
        let is_waiting = |unit: &&&Arc<Unit>| open.waiting.iter().any(|waiting| Arc::ptr_eq(waiting, unit));
        let unknown: Vec<&Arc<Unit>> = unknown.iter().filter(|unit| !is_waiting(unit)).copied().collect();
        self.common.queue.check(Urgency::Visible, unknown.into_iter(), &open.tell);
    }

    /// Judges the unit at a line again, whatever is known of it.
    pub fn judge_again(&mut self, uri: &Uri, line: usize) -> bool {
        let Some(open) = self.documents.get_mut(uri) else { return false };
        let Some((_, unit)) = open.document.unit_at(line) else { return false };
        unit.forget();
        self.common.queue.check(Urgency::Edited, [unit].into_iter(), &open.tell);
        true
    }

    /// Answers when everything in a document is judged.
    pub fn judge_all(&mut self, uri: &Uri, reply: oneshot::Sender<Counts>) {
        let Some(open) = self.documents.get_mut(uri) else { return };
        let units: Vec<&Arc<Unit>> = open.document.units().map(|(_, unit)| unit).collect();
        self.common.queue.check(Urgency::Visible, units.into_iter(), &open.tell);
        open.waiting.clear();
        open.asked.push(reply);
        open.publish_at = Some(Instant::now());
    }

    /// Asks Lean about a place and shows what it says. The reply is dropped if the document changed meanwhile.
    pub fn inspect<R: Send + 'static>(
        &mut self,
        uri: Uri,
        at: Position,
        reply: oneshot::Sender<R>,
        show: impl FnOnce(&View<'_>, usize, &Arc<Unit>, Option<&Inspection>) -> R + Send + 'static,
    ) {
        let Some(view) = self.view(&uri) else { return };
        let place = view.place(at);
        let Some((first, unit)) = view.document.unit_at(place.0) else { return };
        let Some(position) = unit.position(&view.document.text, first, place) else {
            let _ = reply.send(show(&view, first, unit, None));
            return;
        };
        let request = InspectionRequest {
            header: unit.request.header.clone(),
            code: unit.request.code.clone(),
            place: position,
            budget: unit.request.budget,
        };
        let (unit, events) = (unit.clone(), self.events.clone());
        self.common.queue.ask(Box::new(move |lean| {
            // Who asked may have gone on to another place.
            if reply.is_closed() || unit.is_gone() {
                return;
            }
            let found = lean.inspect(&request).ok();
            let _ = events.send(Event::Do(Box::new(move |session: &mut Session| {
                let Some(view) = session.view(&uri) else { return };
                let line = view.document.units().find(|(_, other)| Arc::ptr_eq(other, &unit)).map(|(line, _)| line);
                if let Some(first) = line {
                    let _ = reply.send(show(&view, first, &unit, found.as_ref()));
                }
            })));
        }));
    }

    /// Names that the unit at a line can refer to, as soon as they are known.
    pub fn names(&mut self, uri: &Uri, line: usize, then: impl FnOnce(&Session, &[String]) + Send + 'static) {
        let Some(view) = self.view(uri) else { return };
        let Some((_, unit)) = view.document.unit_at(line) else { return };
        let header = unit.request.header.clone();
        let texts = [header.as_deref().unwrap_or_default(), &unit.request.code];
        let imports =
            texts.iter().flat_map(|text| text.lines()).filter(|line| line.trim_start().starts_with("import "));
        let key = imports.map(str::trim).collect::<Vec<_>>().join("\n");
        if let Some(names) = self.names.get(&key).cloned() {
            then(self, &names);
            return;
        }
        let events = self.events.clone();
        self.common.queue.ask(Box::new(move |lean| {
            let names = Arc::new(lean.names(None, &key).unwrap_or_default());
            let _ = events.send(Event::Do(Box::new(move |session: &mut Session| {
                session.names.insert(key, names.clone());
                then(session, &names);
            })));
        }));
    }

    /// Says something to the client.
    pub fn say(&self, kind: MessageType, text: String) {
        let client = self.client.clone();
        tokio::spawn(async move { client.show_message(kind, text).await });
    }

    /// A progress bar that goes with the numbers sent to it, and ends with the sender.
    fn progress(&mut self, title: String) -> Option<watch::Sender<(u64, u64)>> {
        if !self.abilities.shows_progress {
            return None;
        }
        self.tokens += 1;
        let token = ProgressToken::String(format!("afcheck-{}", self.tokens));
        let (sender, mut heard) = watch::channel((0u64, 1u64));
        let client = self.client.clone();
        tokio::spawn(async move {
            if client.create_work_done_progress(token.clone()).await.is_err() {
                return;
            }
            let bar = client.progress(token, title).with_message("judging").with_percentage(0).begin().await;
            while heard.changed().await.is_ok() {
                let (done, all) = *heard.borrow_and_update();
                let percent = (100 * done / all.max(1)) as u32;
                bar.report_with_message(format!("{done} of {all} records"), percent).await;
            }
            bar.finish().await;
        });
        Some(sender)
    }
}

fn document_name(uri: &Uri) -> String {
    uri.path().as_str().rsplit('/').next().unwrap_or_default().to_owned()
}
