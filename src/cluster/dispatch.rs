//! The asking side: an engine whose checks are done elsewhere. Owns a run's requests until they are answered; whoever asks it waits, so
//! that everything a run does (resuming, equal records, reports) is as with any engine.

use super::wire::{self, Answer, Request};
use super::{Access, LONG, Names, Server, WORKERS, without_password};
use crate::domain::{Cause, CheckReport, CheckRequest, EngineId, Verdict};
use crate::engine::Engine;
use crate::lean;
use crate::store::Mirror;
use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use futures_util::StreamExt;
use std::collections::HashMap;
use std::future::IntoFuture;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::time::timeout;

/// How long nobody has to answer before people are told that there may be no worker.
const PATIENCE: Duration = Duration::from_secs(15);

/// Between two attempts at a server that does not answer.
const PAUSE: Duration = Duration::from_millis(500);

type Waiting = Mutex<HashMap<u64, Sender<CheckReport>>>;

/// What is known of a run.
struct Run {
    access: Access,
    name: String,
    waiting: Waiting,
    /// Answers that were kept from earlier requests.
    kept: AtomicU64,
    answered: AtomicU64,
    is_over: AtomicBool,
}

/// An engine behind a NATS server.
pub struct NatsEngine {
    runtime: tokio::runtime::Runtime,
    server: Arc<Server>,
    run: Arc<Run>,
    next: AtomicU64,
    in_flight: usize,
    was_told: AtomicBool,
}

impl NatsEngine {
    /// Connects. Up to `in_flight` requests wait for answers at once.
    pub fn connect(access: Access, in_flight: usize) -> Result<NatsEngine, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|e| e.to_string())?;
        let server = Arc::new(runtime.block_on(Server::open(&access))?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = format!("{:x}-{:x}", now.as_nanos(), std::process::id());
        let run = Arc::new(Run {
            access,
            name,
            waiting: Mutex::default(),
            kept: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        });
        runtime.spawn(listen(server.clone(), run.clone()));
        let (next, was_told) = (AtomicU64::new(0), AtomicBool::new(false));
        Ok(NatsEngine { runtime, server, run, next, in_flight: in_flight.max(1), was_told })
    }

    /// Answers so far, and how many of them were kept from earlier requests.
    pub fn answers(&self) -> (u64, u64) {
        (self.run.answered.load(Ordering::Relaxed), self.run.kept.load(Ordering::Relaxed))
    }

    /// Puts a request into the stream, however long that takes.
    fn publish(&self, number: u64, times: u32, bytes: Vec<u8>) {
        let names = Names(&self.run.access.queue);
        let mut headers = HeaderMap::new();
        // Sent twice, it is there once.
        headers.insert("Nats-Msg-Id", format!("{}-{number}-{times}", self.run.name).as_str());
        self.runtime.block_on(async {
            loop {
                let sent = self.server.context.publish_with_headers(
                    names.work_subject(),
                    headers.clone(),
                    bytes.clone().into(),
                );
                if let Ok(Ok(acknowledged)) = timeout(LONG, sent).await
                    && let Ok(Ok(_)) = timeout(LONG, acknowledged.into_future()).await
                {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
    }

    /// True if the server has nothing that waits for a worker or is with one.
    fn is_idle(&self) -> bool {
        let asked = async {
            let consumer = self.server.work.get_consumer::<pull::Config>(WORKERS).await.ok()?;
            let info = consumer.get_info().await.ok()?;
            Some(info.num_pending == 0 && info.num_ack_pending == 0)
        };
        self.runtime.block_on(async { timeout(LONG, asked).await }).ok().flatten() == Some(true)
    }

    fn undecided(&self, request: &CheckRequest, cause: Cause, detail: String) -> CheckReport {
        let asked = lean::asked(request);
        CheckReport::new(Verdict::Undecided { cause, detail }, asked.mode, asked.required, self.id())
    }
}

impl Drop for NatsEngine {
    fn drop(&mut self) {
        self.run.is_over.store(true, Ordering::Relaxed);
    }
}

impl Engine for NatsEngine {
    fn check(&self, request: &CheckRequest) -> CheckReport {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let message = Request { run: self.run.name.clone(), number, request: request.form() };
        let bytes = match wire::pack(&message) {
            Ok(bytes) => bytes,
            Err(e) => return self.undecided(request, Cause::EngineCrash, e),
        };
        let most = self.server.client.server_info().max_payload;
        if bytes.len() > most {
            let detail = format!("the record has {} bytes, the NATS server takes {most} (max_payload)", bytes.len());
            return self.undecided(request, Cause::Unsupported, detail);
        }
        let (answer, answered) = bounded(1);
        self.run.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(number, answer);
        self.publish(number, 0, bytes.clone());
        let (since, mut times, mut idle) = (Instant::now(), 0, 0);
        loop {
            match answered.recv_timeout(PATIENCE) {
                Ok(report) => return report,
                Err(RecvTimeoutError::Timeout) => {
                    let nobody = self.run.answered.load(Ordering::Relaxed) == 0;
                    if nobody && since.elapsed() >= PATIENCE && !self.was_told.swap(true, Ordering::Relaxed) {
                        let url = without_password(&self.run.access.url);
                        eprintln!("note: no worker has answered yet: afcheck worker --nats {url}");
                    }
                    // Nothing is under way and there is no answer: the request, or what became of it, went with its server.
                    idle = if self.is_idle() { idle + 1 } else { 0 };
                    if idle >= 2 {
                        (times, idle) = (times + 1, 0);
                        self.publish(number, times, bytes.clone());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let detail = "who listened for answers is gone: a defect of afcheck".into();
                    return self.undecided(request, Cause::EngineCrash, detail);
                }
            }
        }
    }

    fn id(&self) -> EngineId {
        EngineId { lean: String::new(), commit: String::new(), kind: "nats" }
    }

    /// Who answers is not known beforehand: nothing is kept on this side beyond the run.
    fn fingerprint(&self) -> String {
        format!("nats {}", self.run.name)
    }

    fn parallelism(&self) -> usize {
        self.in_flight
    }
}

/// Takes answers of the run until it is over. What was missed while the server was away is still in the stream.
async fn listen(server: Arc<Server>, run: Arc<Run>) {
    let subject = Names(&run.access.queue).answers_subject(&run.name);
    let mut next = 1u64;
    while !run.is_over.load(Ordering::Relaxed) {
        let config = pull::Config {
            filter_subject: subject.clone(),
            ack_policy: AckPolicy::None,
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: next },
            inactive_threshold: Duration::from_secs(60),
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let Ok(Ok(consumer)) = timeout(LONG, server.answers.create_consumer(config)).await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // A batch at a time, so that a consumer that went away with its server shows as one that has no messages.
        let mut failures = 0u32;
        while failures < 3 && !run.is_over.load(Ordering::Relaxed) {
            // What a server that was killed would have said never comes: nothing here waits without an end.
            let fetch = consumer.batch().max_messages(500).expires(Duration::from_secs(1));
            let batch = timeout(LONG, fetch.messages()).await;
            let Ok(Ok(mut batch)) = batch else {
                failures += 1;
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let mut taken = 0;
            while let Some(message) = timeout(LONG, batch.next()).await.unwrap_or(None) {
                let Ok(message) = message else {
                    failures += 1;
                    continue;
                };
                taken += 1;
                failures = 0;
                if let Ok(info) = message.info() {
                    next = next.max(info.stream_sequence + 1);
                }
                take(&run, &message.payload);
            }
            if taken == 0 {
                let is_there = matches!(timeout(LONG, consumer.clone().info()).await, Ok(Ok(_)));
                failures += u32::from(!is_there);
            }
        }
    }
}

/// Gives an answer to who waits for it. A second one to the same request finds nobody.
fn take(run: &Run, payload: &[u8]) {
    let Ok(Answer { number, report, was_kept }) = wire::unpack::<Answer>(payload) else { return };
    let waiting = run.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
    let Some(waiting) = waiting else { return };
    if let Ok(report) = CheckReport::of(report) {
        run.answered.fetch_add(1, Ordering::Relaxed);
        run.kept.fetch_add(u64::from(was_kept), Ordering::Relaxed);
        let _ = waiting.send(report);
    }
}
