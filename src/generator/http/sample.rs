//! One sample from a server: a request, its tries, and the answer as it is read. Owns what is tried again and what is not.

use super::address::{Key, redacted};
use super::retry;
use super::sse::Events;
use super::transport::{Lost, Request, Response, Transport};
use super::wire::{Manners, Models, Piece, Usage, body, message, path, said};
use crate::generator::{Finish, GeneratorError, Prompt, Settings};
use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};
use std::io::{BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// A server and how it is asked.
pub struct Server {
    pub transport: Box<dyn Transport>,
    /// Where it is, for messages.
    pub url: String,
    pub model: String,
    /// Not to be shown, and where it is from, for messages.
    pub key: Option<Key>,
    pub key_name: String,
    pub retries: u32,
    /// The first wait before another try.
    pub backoff: Duration,
    pub manners: Mutex<Manners>,
    pub retried: AtomicU64,
}

/// What became of a sample.
pub enum Outcome {
    Answered {
        text: String,
        finish: Finish,
        usage: Usage,
    },
    /// There is no answer to this prompt.
    Refused(String),
    /// All tries were in vain, for a reason that others may meet.
    Lost(String),
    /// There will be no answer to anything.
    Hopeless(GeneratorError),
    /// Nobody waits for it any more.
    Abandoned,
}

/// What became of a try.
enum Try {
    Over(Outcome),
    /// The server may answer later, perhaps after a wait it asks for.
    Later(String, Option<Duration>),
    /// The server does not understand the request; another form of it might do.
    Otherwise(Manners),
}

/// What a sample is made of, and who waits for it.
pub struct Wanted<'a> {
    pub prompt: &'a Prompt,
    pub seed: u64,
    pub settings: &'a Settings,
    /// Closed when nobody waits any more.
    pub waiting: &'a Receiver<()>,
}

impl Wanted<'_> {
    fn is_abandoned(&self) -> bool {
        self.waiting.try_recv() == Err(TryRecvError::Disconnected)
    }
}

impl Server {
    /// Asks until there is an answer or no hope for one. `tell` is told text as it comes, each part once.
    pub fn sample(&self, wanted: &Wanted<'_>, tell: &mut dyn FnMut(&str)) -> Outcome {
        let shown = |text: String| redacted(text, self.key.as_ref());
        match self.asked(wanted, tell) {
            Outcome::Refused(why) => Outcome::Refused(shown(why)),
            Outcome::Lost(why) => Outcome::Lost(shown(why)),
            Outcome::Hopeless(GeneratorError::Server { url, what, hint }) => {
                Outcome::Hopeless(GeneratorError::Server { url, what: shown(what), hint })
            }
            other => other,
        }
    }

    fn asked(&self, wanted: &Wanted<'_>, tell: &mut dyn FnMut(&str)) -> Outcome {
        let mut tried = 0;
        // A second try writes the text anew; what was told is not told again.
        let mut told = String::new();
        let mut tell_new = |text: &str| {
            if let Some(new) = text.strip_prefix(told.as_str()).filter(|new| !new.is_empty()) {
                tell(new);
                told.push_str(new);
            }
        };
        loop {
            let manners = *self.manners.lock().unwrap_or_else(PoisonError::into_inner);
            let (why, asked) = match self.attempt(wanted, manners, &mut tell_new) {
                Try::Over(outcome) => return outcome,
                Try::Otherwise(plainer) => {
                    let mut now = self.manners.lock().unwrap_or_else(PoisonError::into_inner);
                    // Unless another worker found out first.
                    if *now == manners {
                        *now = plainer;
                    }
                    continue;
                }
                Try::Later(why, asked) => (why, asked),
            };
            if tried == self.retries {
                let tries = if tried == 0 { String::new() } else { format!(" ({} tries)", tried + 1) };
                return Outcome::Lost(format!("{why}{tries}"));
            }
            let wait = retry::wait(tried, self.backoff, asked);
            if wanted.waiting.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
                return Outcome::Abandoned;
            }
            tried += 1;
            self.retried.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn attempt(&self, wanted: &Wanted<'_>, manners: Manners, tell: &mut dyn FnMut(&str)) -> Try {
        if wanted.is_abandoned() {
            return Try::Over(Outcome::Abandoned);
        }
        let Wanted { prompt, seed, settings, .. } = wanted;
        let request = Request { path: path(prompt), body: Some(body(&self.model, prompt, *seed, settings, manners)) };
        let mut response = match self.transport.send(&request) {
            Ok(response) => response,
            Err(Lost::Unreachable(why)) => return Try::Later(format!("the server cannot be reached: {why}"), None),
            Err(Lost::Broken(why)) => return Try::Later(why, None),
            Err(Lost::Hopeless { place, what, hint }) => {
                return Try::Over(Outcome::Hopeless(GeneratorError::Server { url: place, what, hint }));
            }
        };
        if (200..300).contains(&response.status) {
            return read(response, wanted, tell);
        }
        let mut text = String::new();
        // What cannot be read of a refusal is not missed: the status says what to do.
        let _ = response.body.by_ref().take(1 << 20).read_to_string(&mut text);
        let (status, why) = (response.status, message(&text));
        if retry::is_passing(status) && !(status == 501 || status == 505) {
            let asked = response.retry_after.and_then(|header| retry::retry_after(&header, SystemTime::now()));
            return Try::Later(format!("status {status}: {why}"), asked);
        }
        if let Some(plainer) = matches!(status, 400 | 422 | 501).then(|| manners.without_what(&why)).flatten() {
            return Try::Otherwise(plainer);
        }
        Try::Over(match status {
            301..=308 | 401 | 403 | 404 | 405 => Outcome::Hopeless(self.hopeless(request.path, status, &why)),
            _ => Outcome::Refused(format!("status {status}: {why}")),
        })
    }

    /// An error that every request would meet.
    fn hopeless(&self, path: &str, status: u16, why: &str) -> GeneratorError {
        let told = format!("status {status}: {why}");
        let (what, hint) = match status {
            401 | 403 => (told, format!("the key is read from the environment variable {}", self.key_name)),
            404 | 405 => match self.models() {
                Some(models) if !models.data.iter().any(|served| served.id == self.model) => {
                    let ids: Vec<&str> = models.data.iter().map(|served| served.id.as_str()).collect();
                    (format!("there is no model `{}` ({why})", self.model), format!("it serves: {}", ids.join(", ")))
                }
                Some(_) => (told, format!("this server has no {path}: another form of prompt may do")),
                None => (told, "is the base URL right? Most end with /v1".into()),
            },
            _ => (told, "the base URL leads elsewhere: give where it leads to".into()),
        };
        GeneratorError::Server { url: self.url.clone(), what, hint }
    }

    /// What the server says it has, asked once.
    pub fn models(&self) -> Option<Models> {
        let mut response = self.transport.send(&Request { path: "/models", body: None }).ok()?;
        let mut text = String::new();
        response.body.by_ref().read_to_string(&mut text).ok()?;
        (response.status == 200).then(|| serde_json::from_str(&text).ok())?
    }
}

/// Reads an answer, piece by piece if the server sends it so.
fn read(response: Response, wanted: &Wanted<'_>, tell: &mut dyn FnMut(&str)) -> Try {
    let is_stream = response.content_type.contains("event-stream");
    let (mut answer, mut body) = (Answering::default(), BufReader::new(response.body));
    if !is_stream {
        let mut text = String::new();
        if let Err(error) = body.read_to_string(&mut text) {
            return Try::Later(format!("the answer broke off: {error}"), None);
        }
        return match serde_json::from_str(&text) {
            Ok(piece) => match answer.push(piece) {
                None if answer.finish.is_none() && answer.text.is_empty() => {
                    Try::Later(format!("no answer in {}", message(&text)), None)
                }
                None => answer.over(wanted.settings),
                Some(wrong) => wrong,
            },
            Err(error) => Try::Later(format!("not an answer ({error}): {}", message(&text)), None),
        };
    }
    let mut events = Events::new(body);
    loop {
        if wanted.is_abandoned() {
            return Try::Over(Outcome::Abandoned);
        }
        let data = match events.next() {
            Ok(Some(data)) => data,
            // What comes behind the end of the answer is the count of its tokens, which may be missing.
            Ok(None) | Err(_) if answer.finish.is_some() => return answer.over(wanted.settings),
            Ok(None) => return Try::Later("the answer broke off".into(), None),
            Err(error) => return Try::Later(format!("the answer broke off: {error}"), None),
        };
        if data.trim() == "[DONE]" {
            return answer.over(wanted.settings);
        }
        let piece = match serde_json::from_str(&data) {
            Ok(piece) => piece,
            Err(error) => return Try::Later(format!("not a piece of an answer ({error}): {}", message(&data)), None),
        };
        let before = answer.text.len();
        if let Some(wrong) = answer.push(piece) {
            return wrong;
        }
        if answer.text.len() > before {
            tell(&answer.text);
            if wanted.settings.ends.cut(&answer.text).is_some() {
                // Dropping the connection tells the server that this is enough.
                return answer.over(wanted.settings);
            }
        }
    }
}

/// An answer as far as it is there.
#[derive(Default)]
struct Answering {
    text: String,
    finish: Option<String>,
    stop_reason: Option<serde_json::Value>,
    usage: Usage,
}

impl Answering {
    /// Adds a piece, unless it says that there will be no answer.
    fn push(&mut self, piece: Piece) -> Option<Try> {
        if let Some(error) = &piece.error {
            let why = said(error).unwrap_or_else(|| error.to_string());
            let code = error["code"].as_u64().or_else(|| error["code"].as_str()?.parse().ok());
            return Some(match code {
                Some(400..=407 | 409..=428) => Try::Over(Outcome::Refused(why)),
                _ => Try::Later(why, None),
            });
        }
        if let Some(usage) = piece.usage {
            self.usage = usage;
        }
        let choice = piece.choices.into_iter().next()?;
        self.text.push_str(choice.text());
        self.finish = choice.finish_reason.or(self.finish.take());
        self.stop_reason = choice.stop_reason.or(self.stop_reason.take());
        None
    }

    fn over(mut self, settings: &Settings) -> Try {
        let cut = settings.ends.cut(&self.text).map(str::len);
        let finish = match (cut, self.finish.as_deref()) {
            (Some(_), _) => Finish::Stop,
            (None, Some("length")) => Finish::Length,
            (None, Some("content_filter")) => {
                return Try::Over(Outcome::Refused("the server's filter withholds the answer".into()));
            }
            (None, _) => match self.stop_reason {
                Some(serde_json::Value::String(_)) => Finish::Stop,
                // A server that does not tell might have met one of the texts it was given.
                None if settings.ends.texts.iter().any(|end| !end.is_empty()) => Finish::Stop,
                _ => Finish::EndOfText,
            },
        };
        self.text.truncate(cut.unwrap_or(self.text.len()));
        Try::Over(Outcome::Answered { text: self.text, finish, usage: self.usage })
    }
}
