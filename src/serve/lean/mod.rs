//! Lean over HTTP: Kimina's routes for clients that speak them, `/v1/check` for records and verdicts, `/metrics`, `/docs`. Owns the
//! life of the server: who waits (`gate`), what each route answers (`kimina`, `check`), and what holds for all (`frame`).

mod check;
mod frame;
mod gate;
mod kimina;
mod metrics;

use crate::engine::Elaborator;
use crate::pipeline::verify::Judging;
use crate::runner::Reuse;
use gate::Gate;
use metrics::Metrics;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How soon a stop flag is seen.
const GLANCE: Duration = Duration::from_millis(50);

/// What is served, and to whom.
#[derive(Clone)]
pub struct Serving {
    /// How records of `/v1/check` are judged unless a request says otherwise.
    pub judging: Judging,
    /// Checks at once.
    pub jobs: usize,
    /// Snippets that wait at most; more are asked to come back.
    pub queue: usize,
    /// Snippets of a request at most.
    pub batch: usize,
    /// Bytes of a request at most.
    pub body: usize,
    /// The longest time a request may ask for, for one snippet.
    pub longest: Duration,
    /// What clients must know one of, if anything.
    pub keys: Vec<String>,
    /// How long requests under way may take to end when the server is to end.
    pub drain: Duration,
    /// Whether every request is logged.
    pub log: bool,
}

/// What every request needs.
struct Shared {
    serving: Serving,
    gate: Gate,
    metrics: Metrics,
    /// Names this server in answers.
    id: String,
    /// Set when no more requests are taken.
    is_draining: AtomicBool,
}

/// A server that has its port.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes a port, any if it is 0.
    pub fn bind(address: &str) -> io::Result<Server> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Server { listener, address })
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until `stop` is set or `until` has come. Requests under way then have a while to end: what was taken is answered.
    pub fn run(
        self,
        lean: &dyn Elaborator,
        reuse: Option<&Reuse<'_>>,
        serving: Serving,
        stop: &AtomicBool,
        until: Option<Instant>,
    ) -> io::Result<()> {
        let (jobs, drain) = (serving.jobs.max(1), serving.drain);
        let (gate, work) = Gate::new(serving.queue);
        let metrics = Metrics::new(lean.id(), jobs);
        let id = format!("{:032x}", std::process::id() as u128 ^ since_1970().as_nanos());
        let shared = Arc::new(Shared { serving, gate, metrics, id, is_draining: AtomicBool::new(false) });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let is_over = || stop.load(Ordering::Relaxed) || until.is_some_and(|until| Instant::now() >= until);
        let served = thread::scope(|scope| {
            for number in 0..jobs {
                let (work, shared) = (work.clone(), shared.clone());
                thread::Builder::new()
                    .name(format!("check-{number}"))
                    .spawn_scoped(scope, move || gate::work(&work, lean, reuse, &shared.metrics, &shared.gate))?;
            }
            drop(work);
            let served = runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(self.listener)?;
                let (end, ended) = tokio::sync::oneshot::channel::<()>();
                let router = frame::router(shared.clone());
                let served = axum::serve(listener, router).with_graceful_shutdown(async { drop(ended.await) });
                let mut served = tokio::spawn(served.into_future());
                while !is_over() {
                    tokio::time::sleep(GLANCE).await;
                }
                shared.is_draining.store(true, Ordering::Relaxed);
                drop(end);
                let in_time = tokio::time::timeout(drain, &mut served).await.is_ok();
                let left = shared.gate.waiting();
                if !in_time && left > 0 {
                    eprintln!("warning: {left} snippets had no answer after {} s", drain.as_secs());
                }
                io::Result::Ok(())
            });
            // Nobody listens any more: what still waits is not begun.
            shared.gate.close();
            served
        });
        runtime.shutdown_background();
        served
    }
}

fn since_1970() -> Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}
