//! A language model of this process behind the API of OpenAI: `/v1/models`, `/v1/completions`, `/v1/chat/completions`,
//! `/health`. Owns the life of the server: one thread has the model (`engine`), a few serve connections (`routes`).

mod engine;
mod refusal;
mod request;
mod routes;

use crate::generator::Local;
use crossbeam_channel::{Sender, bounded};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Bytes of a request at most.
const BODY: usize = 8 << 20;
/// How long requests under way may take to end when the server is to end.
const GRACE: Duration = Duration::from_secs(30);
/// How soon a stop flag is seen.
const GLANCE: Duration = Duration::from_millis(100);

/// What every request needs.
struct Shared {
    name: String,
    local: Arc<Local>,
    queue: Sender<engine::Job>,
    key: Option<String>,
    /// When the server began, in seconds since 1970.
    since: u64,
    requests: AtomicU64,
    /// False when the engine has ended.
    is_alive: AtomicBool,
}

/// What is served, and to whom.
pub struct Serving {
    pub local: Local,
    /// What clients call the model.
    pub name: String,
    /// Samples that advance together.
    pub batch: usize,
    /// Requests that wait for room in the batch; more are asked to come back.
    pub queue: usize,
    /// What clients must know, if anything.
    pub key: Option<String>,
}

/// A server that has its port.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes a port, any if `port` is 0.
    pub fn bind(host: &str, port: u16) -> io::Result<Server> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let listener = TcpListener::bind((host, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Server { listener, address })
    }

    /// What clients call a base URL.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Serves until `stop` is set or `until` has come. Requests under way then have a while to end.
    pub fn run(self, serving: Serving, stop: &AtomicBool, until: Option<Instant>) -> io::Result<()> {
        let Serving { local, name, batch, queue, key } = serving;
        let (queue, queued) = bounded(queue);
        let local = Arc::new(local);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (requests, is_alive) = (AtomicU64::new(0), AtomicBool::new(true));
        let shared = Arc::new(Shared { name, local: local.clone(), queue, key, since, requests, is_alive });
        let abort = Arc::new(AtomicBool::new(false));
        let engine = {
            let abort = abort.clone();
            thread::Builder::new().name("model".into()).spawn(move || engine::run(&local, &queued, batch, &abort))?
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let router = routes::router(shared.clone());
        let is_over = || stop.load(Ordering::Relaxed) || until.is_some_and(|until| Instant::now() >= until);
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let (end, ended) = tokio::sync::oneshot::channel::<()>();
            let served = axum::serve(listener, router).with_graceful_shutdown(async { drop(ended.await) });
            let served = tokio::spawn(served.into_future());
            while !is_over() && !engine.is_finished() {
                tokio::time::sleep(GLANCE).await;
            }
            if engine.is_finished() {
                shared.is_alive.store(false, Ordering::Relaxed);
            }
            drop(end);
            // Whether they came to their end or not: who waits any longer is cut off.
            let _ = tokio::time::timeout(GRACE, served).await;
            io::Result::Ok(())
        })?;
        abort.store(true, Ordering::Relaxed);
        runtime.shutdown_background();
        drop(shared);
        engine.join().map_err(|_| io::Error::other("the thread of the model has panicked: a defect of afcheck"))
    }
}
