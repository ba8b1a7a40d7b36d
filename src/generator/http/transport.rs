//! One HTTP exchange: a request, and an answer that is read as it comes. Owns the connection to a real server; what is in
//! requests and answers is others' business.

use super::address::{Key, is_loopback};
use std::io::{self, Read};
use std::time::Duration;
use ureq::http::Uri;
use ureq::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ureq::{Agent, BodyReader, Error, Proxy, Timeout};

/// A request, below the base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub path: &'static str,
    /// JSON for POST; `None` is GET.
    pub body: Option<String>,
}

/// An answer that has begun.
pub struct Response {
    pub status: u16,
    pub content_type: String,
    pub retry_after: Option<String>,
    pub body: Box<dyn Read + Send>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Nobody listens there.
    Unreachable(String),
    /// The connection ended before its time.
    Broken(String),
    /// Not the network's fault, and nothing for another try.
    Hopeless { place: String, what: String, hint: String },
}

/// Where requests go.
pub trait Transport: Send + Sync {
    /// Sends a request. The body of the answer may break off later.
    fn send(&self, request: &Request) -> Result<Response, Lost>;

    /// What went wrong beside the exchanges, if anything.
    fn trouble(&self) -> Option<Lost> {
        None
    }
}

/// Bytes of an answer at most.
const LONGEST: u64 = 64 << 20;

/// A real server.
pub struct Direct {
    agent: Agent,
    base_url: String,
    key: Option<Key>,
    timeout: Duration,
}

impl Direct {
    /// The server at `base_url`; a request may take `timeout` with its whole answer.
    pub fn new(base_url: String, key: Option<Key>, connect: Duration, timeout: Duration) -> Self {
        let is_near = base_url.parse::<Uri>().is_ok_and(|uri| uri.host().is_some_and(is_loopback));
        let proxy = if is_near { None } else { Proxy::try_from_env() };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // A redirected request would take the key along, or lose its body.
            .max_redirects(0)
            .timeout_connect(Some(connect))
            .timeout_global(Some(timeout))
            .proxy(proxy)
            // Compressed streams wait until a block is full.
            .accept_encoding("identity")
            .user_agent(concat!("afcheck/", env!("CARGO_PKG_VERSION")))
            .build();
        Direct { agent: config.into(), base_url, key, timeout }
    }

    fn lost(&self, error: &Error) -> Lost {
        use io::ErrorKind as K;
        match error {
            Error::Timeout(Timeout::Connect | Timeout::Resolve) => Lost::Unreachable("no connection in time".into()),
            Error::Timeout(_) => Lost::Broken(too_long(self.timeout)),
            Error::HostNotFound => Lost::Unreachable("there is no such host".into()),
            Error::ConnectionFailed | Error::ConnectProxyFailed(_) => Lost::Unreachable(error.to_string()),
            Error::Io(e) if matches!(e.kind(), K::ConnectionRefused | K::HostUnreachable | K::NetworkUnreachable) => {
                Lost::Unreachable(e.to_string())
            }
            Error::Io(e) => Lost::Broken(e.to_string()),
            other => Lost::Broken(other.to_string()),
        }
    }
}

impl Transport for Direct {
    fn send(&self, request: &Request) -> Result<Response, Lost> {
        let url = format!("{}{}", self.base_url, request.path);
        let bearer = self.key.as_ref().map(Key::header);
        let answered = match &request.body {
            Some(body) => {
                let mut post = self.agent.post(url).content_type("application/json");
                if let Some(bearer) = bearer {
                    post = post.header("authorization", bearer);
                }
                post.send(body.as_str())
            }
            None => {
                let mut get = self.agent.get(url);
                if let Some(bearer) = bearer {
                    get = get.header("authorization", bearer);
                }
                get.call()
            }
        };
        let (parts, body) = answered.map_err(|e| self.lost(&e))?.into_parts();
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Response {
            status: parts.status.as_u16(),
            content_type: header(CONTENT_TYPE).unwrap_or_default(),
            retry_after: header(RETRY_AFTER),
            body: Box::new(Timed { body: body.into_with_config().limit(LONGEST).reader(), timeout: self.timeout }),
        })
    }
}

fn too_long(timeout: Duration) -> String {
    format!("no whole answer within {} s (--timeout)", timeout.as_secs_f64())
}

/// A body that says in words that its time is over.
struct Timed {
    body: BodyReader<'static>,
    timeout: Duration,
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer).map_err(|error| match error.get_ref().and_then(|e| e.downcast_ref::<Error>()) {
            Some(Error::Timeout(_)) => io::Error::other(too_long(self.timeout)),
            _ => error,
        })
    }
}
