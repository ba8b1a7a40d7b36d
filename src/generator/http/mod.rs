//! A language model behind an OpenAI-compatible server as a source of candidates: vLLM, llama.cpp, Ollama, hosted ones,
//! `afcheck serve-model`. Owns the workers that ask at the same time; one sample is `sample`'s, one exchange `transport`'s.

mod address;
mod cassette;
mod retry;
mod sample;
mod sse;
#[cfg(test)]
mod tests;
mod transport;
mod wire;

pub use address::is_loopback;

use super::{Answer, Ask, Event, Generator, GeneratorError, Prompt, Settings, Spent};
use address::{Key, base_url};
use cassette::{Recording, Replaying};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use sample::{Outcome, Server, Wanted};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;
use transport::{Direct, Lost, Transport};
use wire::Manners;

/// Which server is asked, and how.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// As the server calls it.
    pub model: String,
    /// Such as `http://127.0.0.1:8000/v1`; `None` reads `OPENAI_BASE_URL`.
    pub base_url: Option<String>,
    /// The environment variable with the key; `None` reads `OPENAI_API_KEY`, if it is set, an empty name sends none.
    pub api_key_env: Option<String>,
    /// Requests under way at a time.
    pub concurrency: usize,
    /// Further tries of a request that fails for a passing reason.
    pub retries: u32,
    /// The first wait before another try, on average twice what is waited; it doubles with each.
    pub backoff: Duration,
    /// For a connection, and for a request with its whole answer.
    pub connect_timeout: Duration,
    pub timeout: Duration,
    /// Exchanges are appended to this file, or had from it; not both.
    pub record: Option<PathBuf>,
    pub replay: Option<PathBuf>,
}

impl HttpOptions {
    /// Defaults for the server in the environment.
    pub fn new(model: impl Into<String>) -> Self {
        HttpOptions {
            model: model.into(),
            base_url: None,
            api_key_env: None,
            concurrency: 8,
            retries: 6,
            backoff: Duration::from_millis(500),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(600),
            record: None,
            replay: None,
        }
    }
}

/// What a server charges, in any currency, for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    pub input: f64,
    pub output: f64,
}

impl Prices {
    /// The price of what was used up, as far as the server counted it.
    pub fn cost(&self, spent: &Spent) -> f64 {
        (self.input * spent.prompt_tokens as f64 + self.output * spent.tokens as f64) / 1e6
    }
}

/// A model behind a server.
pub struct Http {
    server: Arc<Server>,
    concurrency: usize,
    context: OnceLock<Option<usize>>,
    requests: AtomicU64,
    prompt_tokens: AtomicU64,
    tokens: AtomicU64,
}

/// What a worker tells.
enum Said {
    Text { ask: usize, sample: usize, text: String },
    Ended { ask: usize, sample: usize, outcome: Outcome },
}

/// How soon a stop flag is seen.
const GLANCE: Duration = Duration::from_millis(100);

fn error(lost: Lost, url: &str) -> GeneratorError {
    match lost {
        Lost::Hopeless { place, what, hint } => GeneratorError::Server { url: place, what, hint },
        Lost::Unreachable(what) | Lost::Broken(what) => {
            GeneratorError::Server { url: url.to_owned(), what, hint: String::new() }
        }
    }
}

impl Http {
    /// A model as `options` say. Nothing is sent yet.
    pub fn new(options: HttpOptions) -> Result<Http, GeneratorError> {
        let HttpOptions { model, retries, mut backoff, mut concurrency, .. } = options;
        let key_name = options.api_key_env.clone().unwrap_or_else(|| "OPENAI_API_KEY".into());
        let key = match options.replay {
            Some(_) => None,
            None => Key::from_env(options.api_key_env.as_deref())?,
        };
        let (transport, url): (Box<dyn Transport>, String) = match (&options.replay, &options.record) {
            (Some(file), None) => {
                // One worker asks in the order in which the first requests were recorded, and nobody need be spared.
                (concurrency, backoff) = (1, Duration::ZERO);
                let url = file.display().to_string();
                (Box::new(Replaying::open(file).map_err(|lost| error(lost, &url))?), url)
            }
            (Some(file), Some(_)) => {
                let (url, what) = (file.display().to_string(), "record and replay are one or the other".into());
                return Err(GeneratorError::Server { url, what, hint: String::new() });
            }
            (None, record) => {
                let url = base_url(options.base_url.as_deref(), key.as_ref())?;
                let direct = Direct::new(url.clone(), key.clone(), options.connect_timeout, options.timeout);
                let transport: Box<dyn Transport> = match record {
                    Some(file) => {
                        Box::new(Recording::new(direct, file, key.clone()).map_err(|lost| error(lost, &url))?)
                    }
                    None => Box::new(direct),
                };
                (transport, url)
            }
        };
        let manners = Mutex::new(Manners::ALL);
        let retried = AtomicU64::new(0);
        let server = Server { transport, url, model, key, key_name, retries, backoff, manners, retried };
        let [requests, prompt_tokens, tokens] = Default::default();
        let (server, context) = (Arc::new(server), OnceLock::new());
        Ok(Http { server, concurrency: concurrency.max(1), context, requests, prompt_tokens, tokens })
    }

    /// Takes note of an answer.
    fn count(&self, answer: &Answer) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.prompt_tokens.fetch_add(answer.prompt_tokens.unwrap_or(0), Ordering::Relaxed);
        self.tokens.fetch_add(answer.tokens.unwrap_or(0), Ordering::Relaxed);
    }
}

/// Asks for the samples in the queue, until it is empty or nobody waits any more.
fn work(
    server: &Server,
    asks: &[Ask],
    settings: &Settings,
    queue: &Receiver<(usize, usize)>,
    told: &Sender<Said>,
    waiting: &Receiver<()>,
) {
    for (ask, sample) in queue {
        let wanted = Wanted { prompt: &asks[ask].prompt, seed: asks[ask].seeds[sample], settings, waiting };
        let mut tell = |text: &str| drop(told.send(Said::Text { ask, sample, text: text.to_owned() }));
        let outcome = server.sample(&wanted, &mut tell);
        if matches!(outcome, Outcome::Hopeless(_)) {
            // What ends the run ends it for the other workers too, before they ask for more.
            queue.try_iter().for_each(drop);
        }
        if matches!(outcome, Outcome::Abandoned) || told.send(Said::Ended { ask, sample, outcome }).is_err() {
            return;
        }
    }
}

impl Generator for Http {
    fn name(&self) -> &str {
        &self.server.model
    }

    fn context(&self) -> Option<usize> {
        *self.context.get_or_init(|| {
            let models = self.server.models()?.data;
            let named = models.iter().find(|served| served.id == self.server.model);
            // llama.cpp serves one model, whatever it is asked for.
            let lone = if let [lone] = &models[..] { Some(lone) } else { None };
            named.or(lone)?.context()
        })
    }

    fn count(&self, _: &Prompt) -> Result<Option<usize>, GeneratorError> {
        Ok(None)
    }

    fn generate(
        &self,
        asks: &[Ask],
        settings: &Settings,
        stop: &AtomicBool,
        on: &mut dyn FnMut(Event<'_>) -> bool,
    ) -> Result<(), GeneratorError> {
        let (jobs, queue) = unbounded();
        for (ask, wanted) in asks.iter().enumerate() {
            for sample in 0..wanted.seeds.len() {
                jobs.send((ask, sample)).expect("the other end is held here");
            }
        }
        let mut left = jobs.len();
        drop(jobs);
        let workers = self.concurrency.min(left);
        // Workers may be in the middle of a wait for the server when nobody waits for them any more: they are left to end
        // by themselves, which closing `waited_for` asks of them.
        let (waited_for, waiting) = bounded::<()>(0);
        let (told, said) = unbounded();
        let (asks, settings) = (Arc::new(asks.to_vec()), Arc::new(settings.clone()));
        for _ in 0..workers {
            let (server, asks, settings) = (self.server.clone(), asks.clone(), settings.clone());
            let (queue, told, waiting) = (queue.clone(), told.clone(), waiting.clone());
            thread::spawn(move || work(&server, &asks, &settings, &queue, &told, &waiting));
        }
        drop(told);
        let mut lost_in_a_row = 0;
        while left > 0 {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let (ask, sample, outcome) = match said.recv_timeout(GLANCE) {
                Ok(Said::Ended { ask, sample, outcome }) => (ask, sample, outcome),
                Ok(Said::Text { ask, sample, text }) => {
                    if !on(Event::Text { ask, sample, text: &text }) {
                        break;
                    }
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => {
                    let what = "a worker of this client ended early: a defect of afcheck".into();
                    return Err(GeneratorError::Server { url: self.server.url.clone(), what, hint: String::new() });
                }
            };
            left -= 1;
            let is_wanted = match outcome {
                Outcome::Answered { text, finish, usage } => {
                    lost_in_a_row = 0;
                    let (prompt_tokens, tokens) = (usage.prompt_tokens, usage.completion_tokens);
                    let answer = Answer { ask, sample, text, finish, prompt_tokens, tokens };
                    self.count(&answer);
                    on(Event::Answered(answer))
                }
                Outcome::Refused(why) => {
                    lost_in_a_row = 0;
                    on(Event::Failed { ask, sample, why })
                }
                Outcome::Lost(why) => {
                    lost_in_a_row += 1;
                    let is_wanted = on(Event::Failed { ask, sample, why: why.clone() });
                    if is_wanted && lost_in_a_row >= workers {
                        let what = format!("the server no longer answers: {why}");
                        let hint = "--resume continues when it is back".into();
                        return Err(GeneratorError::Server { url: self.server.url.clone(), what, hint });
                    }
                    is_wanted
                }
                Outcome::Hopeless(error) => return Err(error),
                Outcome::Abandoned => true,
            };
            if !is_wanted {
                break;
            }
        }
        drop(waited_for);
        self.server.transport.trouble().map_or(Ok(()), |lost| Err(error(lost, &self.server.url)))
    }

    fn spent(&self) -> Spent {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Spent {
            requests: of(&self.requests),
            retries: of(&self.server.retried),
            prompt_tokens: of(&self.prompt_tokens),
            tokens: of(&self.tokens),
        }
    }
}
