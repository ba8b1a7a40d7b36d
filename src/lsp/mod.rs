//! L4: verdicts in editors, by the Language Server Protocol. Owns the life of servers: one client on standard input and output, or
//! many over TCP; the engine and its threads are theirs in common.
//!
//! ```text
//! backend (handlers: only put into a channel) -> session (the one owner of state) -> checks (queue, threads) -> Lean
//!                                                  |- document, unit, text: what a client has open
//!                                                  '- features: what is shown of it, pure
//! ```
//!
//! On tower-lsp-server, the maintained fork of tower-lsp. Its handlers run side by side and may overtake each other; here they
//! only enqueue, before anything they wait for, so that the order of a client's messages is kept.

mod backend;
mod checks;
mod definition;
mod document;
mod features;
mod frames;
mod repair;
mod reproducer;
mod session;
mod settings;
mod text;
mod unit;

pub use checks::Lean;
pub use document::Reading;
pub use repair::{Repair, Repairs};
pub use settings::Settings;

use crate::runner::Reuse;
use backend::Backend;
use checks::Queue;
use session::{Common, Session};
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp_server::ls_types::Uri;
use tower_lsp_server::{LspService, Server};

/// Requests of one client that may wait for an answer at a time; a change behind them would wait too.
const REQUESTS: usize = 1_000;

/// Bytes of a client's messages that lie ready.
const PIPE: usize = 1 << 20;

/// How soon a stop flag is seen.
const GLANCE: Duration = Duration::from_millis(100);

/// What is served.
pub struct Serving<'a> {
    pub lean: &'a dyn Lean,
    pub reuse: Option<&'a Reuse<'a>>,
    /// Questions to Lean at once.
    pub jobs: usize,
    pub settings: Settings,
    pub libraries: Vec<PathBuf>,
    /// Where pages for editors are written.
    pub folder: PathBuf,
    /// The file in which verdicts are explained.
    pub trust: Option<PathBuf>,
    pub repairs: Option<Repairs>,
}

/// Where clients come from.
pub enum From {
    /// One, on standard input and output.
    Stdio,
    /// Any number, until `stop` is set.
    Tcp(TcpListener),
}

/// Serves until the client is gone or `stop` is set.
pub fn serve(serving: Serving<'_>, from: From, stop: &AtomicBool) -> io::Result<()> {
    let Serving { lean, reuse, jobs, settings, libraries, folder, trust, repairs } = serving;
    let trust = trust.and_then(Uri::from_file_path);
    let common = Arc::new(Common { queue: Queue::new(jobs), settings, libraries, folder, trust, repairs });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    thread::scope(|scope| {
        for number in 0..jobs.max(1) {
            let queue = &common.queue;
            thread::Builder::new()
                .name(format!("afcheck-lsp-{number}"))
                .spawn_scoped(scope, move || queue.work(lean, reuse))?;
        }
        let outcome = runtime.block_on(async {
            match from {
                From::Stdio => {
                    let served = session(tokio::io::stdin(), tokio::io::stdout(), common.clone());
                    tokio::select! {
                        () = served => {}
                        () = stopped(stop) => {}
                    }
                    Ok(())
                }
                From::Tcp(listener) => accept(listener, &common, stop).await,
            }
        });
        common.queue.close();
        // Somebody may still be reading from a terminal.
        runtime.shutdown_background();
        outcome
    })
}

async fn stopped(stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(GLANCE).await;
    }
}

async fn accept(listener: TcpListener, common: &Arc<Common>, stop: &AtomicBool) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A client that is gone before it was heard is no reason to end.
                let Ok((stream, _)) = accepted else { continue };
                let _ = stream.set_nodelay(true);
                let (input, output) = stream.into_split();
                tokio::spawn(session(input, output, common.clone()));
            }
            () = stopped(stop) => return Ok(()),
        }
    }
}

/// Serves one client to its end.
async fn session(input: impl AsyncRead + Unpin + Send + 'static, output: impl AsyncWrite, common: Arc<Common>) {
    let (clean, checked) = tokio::io::duplex(PIPE);
    let copying = tokio::spawn(frames::copy(input, clean));
    let (events, heard) = tokio::sync::mpsc::unbounded_channel();
    let (service, socket) = {
        let (common, events) = (common.clone(), events.clone());
        LspService::build(move |client| {
            let session = Session::new(client.clone(), common.clone(), events.clone());
            tokio::spawn(session.run(heard));
            Backend::new(client, common, events)
        })
        .custom_method("$/lean/plainGoal", Backend::plain_goal)
        .custom_method("$/lean/plainTermGoal", Backend::plain_term_goal)
        .custom_method("textDocument/waitForDiagnostics", Backend::wait_for_diagnostics)
        .custom_method("afcheck/records", Backend::records)
        .custom_method("afcheck/text", Backend::text)
        .custom_method(frames::MALFORMED, Backend::malformed)
        .finish()
    };
    Server::new(checked, output, socket).concurrency_level(REQUESTS).serve(service).await;
    let _ = events.send(session::Event::Over);
    // It may wait for input that nobody wants any more.
    copying.abort();
}
