//! The working side: takes requests, has an engine check them, and puts answers where they are waited for. Owns the order that loses
//! nothing: first the answer is in its stream, then the request is acknowledged.

use super::wire::{self, Answer, Request};
use super::{ACK_WAIT, Access, DELIVERIES, LONG, Names, Server, WORKERS};
use crate::domain::{Cause, CheckReport, CheckRequest, Verdict};
use crate::engine::Engine;
use crate::lean;
use crate::store::{Answer as _, Judge, Key, Mirror};
use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::{AckKind, Message};
use crossbeam_channel::{Sender, unbounded};
use futures_util::StreamExt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

/// How work is done.
pub struct Working<'a> {
    pub access: Access,
    /// Checks at once.
    pub jobs: usize,
    pub engine: &'a dyn Engine,
    pub stop: &'a AtomicBool,
    /// End when there was nothing to do for this long.
    pub idle: Option<Duration>,
}

/// What a worker did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    pub answered: u64,
    /// Answers that somebody had given before.
    pub kept: u64,
    /// Requests that were put aside.
    pub dead: u64,
}

#[derive(Default)]
struct Counts {
    answered: AtomicU64,
    kept: AtomicU64,
    dead: AtomicU64,
}

/// A check for one of the threads; with the report comes whether the engine is still who it was.
type Job = (CheckRequest, oneshot::Sender<(CheckReport, bool)>);

/// What every request needs.
struct Shared {
    server: Server,
    access: Access,
    jobs: Sender<Job>,
    judge: Judge,
    /// A library was edited: nothing is kept any more, nor taken from what was.
    is_stale: AtomicBool,
    counts: Counts,
}

/// Works until it is told to stop; what is under way then is finished, what was only fetched goes back.
pub fn work(working: &Working<'_>) -> Result<Worked, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| e.to_string())?;
    let server = runtime.block_on(Server::open(&working.access))?;
    let judge = Judge::new(&working.engine.fingerprint());
    let (jobs, queue) = unbounded::<Job>();
    let shared = Arc::new(Shared {
        server,
        access: working.access.clone(),
        jobs,
        judge,
        is_stale: AtomicBool::new(false),
        counts: Counts::default(),
    });
    let worked = thread::scope(|scope| {
        for _ in 0..working.jobs.max(1) {
            let (queue, judge) = (queue.clone(), shared.judge.clone());
            scope.spawn(move || {
                for (request, reply) in queue {
                    let report = working.engine.check(&request);
                    let is_current = Judge::new(&working.engine.fingerprint()) == judge;
                    let _ = reply.send((report, is_current));
                }
            });
        }
        let ended = runtime.block_on(take(working, &shared));
        let Counts { answered, kept, dead } = &shared.counts;
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let worked = Worked { answered: of(answered), kept: of(kept), dead: of(dead) };
        // The threads end with the last sender.
        drop(shared);
        ended.map(|()| worked)
    });
    runtime.shutdown_background();
    worked
}

/// Fetches requests, as many as can be worked on.
async fn take(working: &Working<'_>, shared: &Arc<Shared>) -> Result<(), String> {
    let jobs = working.jobs.max(1);
    let room = Arc::new(Semaphore::new(jobs));
    let config = || pull::Config {
        durable_name: Some(WORKERS.into()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        max_ack_pending: 100_000,
        ..pull::Config::default()
    };
    let mut busy = Instant::now();
    let is_over = || working.stop.load(Ordering::Relaxed);
    while !is_over() {
        let made = timeout(LONG, shared.server.work.get_or_create_consumer(WORKERS, config())).await;
        let Ok(Ok(consumer)) = made else {
            tokio::time::sleep(Duration::from_millis(500)).await;
            continue;
        };
        while !is_over() {
            if working.idle.is_some_and(|idle| room.available_permits() == jobs && busy.elapsed() >= idle) {
                return Ok(());
            }
            let Ok(first) = room.clone().acquire_owned().await else { break };
            let mut permits = vec![first];
            while let Ok(more) = room.clone().try_acquire_owned() {
                permits.push(more);
            }
            let fetch = consumer.batch().max_messages(permits.len()).expires(Duration::from_secs(1));
            let Ok(Ok(mut batch)) = timeout(LONG, fetch.messages()).await else {
                tokio::time::sleep(Duration::from_millis(500)).await;
                break;
            };
            // What a server that was killed would have said never comes.
            while let Some(message) = timeout(LONG, batch.next()).await.unwrap_or(None) {
                let Ok(message) = message else { continue };
                busy = Instant::now();
                let Some(permit) = permits.pop() else {
                    let _ = message.ack_with(AckKind::Nak(None)).await;
                    continue;
                };
                let shared = shared.clone();
                tokio::spawn(async move {
                    handle(&shared, message).await;
                    drop(permit);
                });
            }
        }
    }
    // Who still works is waited for.
    let _ = room.acquire_many(jobs as u32).await;
    Ok(())
}

async fn handle(shared: &Shared, message: Message) {
    let deliveries = message.info().map_or(1, |info| info.delivered);
    let Ok(Request { run, number, request }) = wire::unpack::<Request>(&message.payload) else {
        put_aside(shared, &message).await;
        let _ = timeout(LONG, message.double_ack()).await;
        return;
    };
    let Ok(request) = CheckRequest::of(request) else {
        put_aside(shared, &message).await;
        let _ = timeout(LONG, message.double_ack()).await;
        return;
    };
    let (report, was_kept) = if deliveries > DELIVERIES {
        put_aside(shared, &message).await;
        let detail = format!("{DELIVERIES} workers took this record and ended without an answer");
        let asked = lean::asked(&request);
        let id = crate::domain::EngineId { lean: String::new(), commit: String::new(), kind: "nats" };
        let verdict = Verdict::Undecided { cause: Cause::EngineCrash, detail };
        (CheckReport::new(verdict, asked.mode, asked.required, id), false)
    } else {
        match answer(shared, &message, request).await {
            Some(answer) => answer,
            // The thread is gone: another worker gets it.
            None => return drop(message.ack_with(AckKind::Nak(None)).await),
        }
    };
    say(shared, &run, number, report, was_kept).await;
    shared.counts.answered.fetch_add(1, Ordering::Relaxed);
    shared.counts.kept.fetch_add(u64::from(was_kept), Ordering::Relaxed);
    // Unheard, it comes again, and its answer is one too many.
    for _ in 0..3 {
        if matches!(timeout(LONG, message.double_ack()).await, Ok(Ok(()))) {
            return;
        }
    }
}

/// The report, and whether it was kept from an earlier request.
async fn answer(shared: &Shared, message: &Message, request: CheckRequest) -> Option<(CheckReport, bool)> {
    let key = Key::of(&shared.judge, &request).to_string();
    if !shared.is_stale.load(Ordering::Relaxed)
        && let Ok(Ok(Some(bytes))) = timeout(LONG, shared.server.results.get(&key)).await
        && let Ok(form) = wire::unpack(&bytes)
        && let Ok(report) = CheckReport::of(form)
    {
        return Some((report, true));
    }
    let (reply, mut done) = oneshot::channel();
    shared.jobs.send((request, reply)).ok()?;
    let (report, is_current) = loop {
        match timeout(ACK_WAIT / 3, &mut done).await {
            Ok(report) => break report.ok()?,
            // Still at it.
            Err(_) => drop(message.ack_with(AckKind::Progress).await),
        }
    };
    if !is_current {
        shared.is_stale.store(true, Ordering::Relaxed);
    }
    if is_current
        && report.is_lasting()
        && let Ok(bytes) = wire::pack(&report.form())
        && bytes.len() < shared.server.client.server_info().max_payload
    {
        let _ = timeout(LONG, shared.server.results.put(&key, bytes.into())).await;
    }
    Some((report, false))
}

/// Puts an answer into its stream, however long that takes.
async fn say(shared: &Shared, run: &str, number: u64, mut report: CheckReport, was_kept: bool) {
    let most = shared.server.client.server_info().max_payload;
    let pack =
        |report: &CheckReport| wire::pack(&Answer { number, report: report.form(), was_kept }).unwrap_or_default();
    let mut bytes = pack(&report);
    if bytes.len() > most {
        report.messages.clear();
        report.caveats.push("messages were left out: with them the answer was too large for the NATS server".into());
        bytes = pack(&report);
    }
    let subject = Names(&shared.access.queue).answers_subject(run);
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Msg-Id", format!("{run}-{number}-answer").as_str());
    loop {
        let sent = shared.server.context.publish_with_headers(subject.clone(), headers.clone(), bytes.clone().into());
        if let Ok(Ok(acknowledged)) = timeout(LONG, sent).await
            && let Ok(Ok(_)) = timeout(LONG, acknowledged.into_future()).await
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Keeps a request that nobody can answer, for people to look at.
async fn put_aside(shared: &Shared, message: &Message) {
    let subject = Names(&shared.access.queue).dead_subject();
    shared.counts.dead.fetch_add(1, Ordering::Relaxed);
    let sent = shared.server.context.publish(subject, message.payload.clone());
    if let Ok(Ok(acknowledged)) = timeout(LONG, sent).await {
        let _ = timeout(LONG, acknowledged.into_future()).await;
    }
}
