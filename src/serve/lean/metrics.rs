//! What the server counts, as Prometheus reads it. Owns names, labels and buckets.

use crate::domain::{Cause, EngineId};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histograms' buckets, in seconds.
const BUCKETS: [f64; 14] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0];

/// A distribution of times.
#[derive(Default)]
struct Histogram {
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    microseconds: AtomicU64,
}

impl Histogram {
    fn add(&self, time: Duration) {
        let seconds = time.as_secs_f64();
        for (bucket, bound) in self.buckets.iter().zip(BUCKETS) {
            if seconds <= bound {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.microseconds.fetch_add(time.as_micros() as u64, Ordering::Relaxed);
    }

    fn mean(&self) -> Option<Duration> {
        let count = self.count.load(Ordering::Relaxed);
        (count > 0).then(|| Duration::from_micros(self.microseconds.load(Ordering::Relaxed) / count))
    }

    fn write(&self, text: &mut String, name: &str, help: &str) {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} histogram");
        for (bucket, bound) in self.buckets.iter().zip(BUCKETS) {
            let _ = writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {}", bucket.load(Ordering::Relaxed));
        }
        let count = self.count.load(Ordering::Relaxed);
        let sum = self.microseconds.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum {sum}\n{name}_count {count}");
    }
}

/// Everything that is counted.
pub struct Metrics {
    engine: EngineId,
    jobs: usize,
    busy: AtomicUsize,
    waits: Histogram,
    works: Histogram,
    abandoned: AtomicU64,
    /// By route and status.
    requests: Mutex<BTreeMap<(String, u16), u64>>,
    /// By kind and outcome.
    outcomes: Mutex<BTreeMap<(&'static str, String), u64>>,
}

impl Metrics {
    pub fn new(engine: EngineId, jobs: usize) -> Metrics {
        Metrics {
            engine,
            jobs,
            busy: AtomicUsize::new(0),
            waits: Histogram::default(),
            works: Histogram::default(),
            abandoned: AtomicU64::new(0),
            requests: Mutex::default(),
            outcomes: Mutex::default(),
        }
    }

    /// A request was answered.
    pub fn answered(&self, route: &str, status: u16) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((route.to_owned(), status)).or_default() += 1;
    }

    /// A snippet was begun after this wait.
    pub fn begun(&self, wait: Duration) {
        self.busy.fetch_add(1, Ordering::Relaxed);
        self.waits.add(wait);
    }

    /// A snippet was not begun: its client had gone.
    pub fn abandoned(&self) {
        self.abandoned.fetch_add(1, Ordering::Relaxed);
    }

    /// A text was elaborated; or why not.
    pub fn elaborated(&self, time: Duration, cause: Option<Cause>) {
        self.ended(time, "elaboration", cause.map_or("elaborated", |cause| cause.as_str()));
    }

    /// A record was judged.
    pub fn checked(&self, time: Duration, verdict: &str) {
        self.ended(time, "check", verdict);
    }

    fn ended(&self, time: Duration, kind: &'static str, outcome: &str) {
        self.busy.fetch_sub(1, Ordering::Relaxed);
        self.works.add(time);
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        *outcomes.entry((kind, outcome.to_owned())).or_default() += 1;
    }

    /// When somebody who is asked to come back should do so, with this many snippets waiting.
    pub fn retry_after(&self, waiting: usize) -> u64 {
        let each = self.works.mean().unwrap_or(Duration::from_millis(100)).as_secs_f64();
        (each * waiting as f64 / self.jobs as f64).ceil().clamp(1.0, 60.0) as u64
    }

    /// The text that is scraped.
    pub fn text(&self, waiting: usize) -> String {
        let mut text = String::new();
        let EngineId { lean, commit, kind } = &self.engine;
        let mut gauge = |name: &str, help: &str, value: String| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{value}");
        };
        let version = env!("CARGO_PKG_VERSION");
        let labels = format!("{{version=\"{version}\",lean=\"{lean}\",commit=\"{commit}\",engine=\"{kind}\"}}");
        gauge("afcheck_build_info", "Who answers.", format!("afcheck_build_info{labels} 1"));
        gauge("afcheck_workers", "Snippets that are worked on at once.", format!("afcheck_workers {}", self.jobs));
        let busy = self.busy.load(Ordering::Relaxed);
        gauge("afcheck_workers_busy", "Snippets that are worked on.", format!("afcheck_workers_busy {busy}"));
        gauge("afcheck_queue_length", "Snippets that wait.", format!("afcheck_queue_length {waiting}"));
        if let Some(bytes) = resident() {
            let value = format!("process_resident_memory_bytes {bytes}");
            gauge("process_resident_memory_bytes", "Resident memory of the process.", value);
        }
        self.waits.write(&mut text, "afcheck_queue_wait_seconds", "How long snippets waited.");
        self.works.write(&mut text, "afcheck_work_seconds", "How long Lean took for a snippet.");
        let abandoned = self.abandoned.load(Ordering::Relaxed);
        let name = "afcheck_abandoned_total";
        let _ = writeln!(
            text,
            "# HELP {name} Snippets not begun: their client had gone.\n# TYPE {name} counter\n{name} {abandoned}"
        );
        let name = "afcheck_requests_total";
        let _ = writeln!(text, "# HELP {name} Requests by route and status.\n# TYPE {name} counter");
        for ((route, status), count) in self.requests.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "{name}{{route=\"{route}\",status=\"{status}\"}} {count}");
        }
        let name = "afcheck_snippets_total";
        let _ = writeln!(text, "# HELP {name} Snippets by what became of them.\n# TYPE {name} counter");
        for ((kind, outcome), count) in self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "{name}{{kind=\"{kind}\",outcome=\"{outcome}\"}} {count}");
        }
        text
    }
}

/// Resident memory, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
