//! L3: checks by workers on other machines, through a NATS server with JetStream. Owns what is on that server and how both sides come
//! to it; `wire` is what goes over it, `dispatch` an engine that has others do the work, `worker` the work.
//!
//! A request waits in a stream until a worker has acknowledged it, which it does when its answer is in the stream of answers. So
//! whatever dies, no request is lost; one that was answered twice is taken once (docs/scale.md).

mod dispatch;
mod wire;
mod worker;

pub use dispatch::NatsEngine;
pub use worker::{Worked, Working, work};

use async_nats::jetstream::{self, kv, stream};
use async_nats::{Client, ConnectOptions};
use std::path::PathBuf;
use std::time::Duration;

/// How a server is reached.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// `nats://HOST:PORT`, `tls://HOST:PORT`; user and password may stand in it. Several are separated by commas.
    pub url: String,
    /// Keeps apart those who share a server.
    pub queue: String,
    /// Credentials as `nsc` writes them.
    pub credentials: Option<PathBuf>,
    /// Certificates of who signed the server's.
    pub roots: Option<PathBuf>,
    /// Certificate and key of this side.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// How long a request may be under way before another worker gets it; workers say in time that they are at it.
const ACK_WAIT: Duration = Duration::from_secs(30);

/// How long the server may take for anything.
const LONG: Duration = Duration::from_secs(10);

/// The consumer that workers share.
const WORKERS: &str = "workers";

/// How long requests wait for workers.
const REQUESTS_LAST: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long answers wait for who asked.
const ANSWERS_LAST: Duration = Duration::from_secs(24 * 3600);

/// Times of delivery after which a request is put aside: those who took it died.
const DELIVERIES: i64 = 4;

/// Names on the server.
struct Names<'a>(&'a str);

impl Names<'_> {
    fn work(&self) -> String {
        format!("AFCHECK_{}_WORK", self.0)
    }

    fn work_subject(&self) -> String {
        format!("afcheck.{}.work", self.0)
    }

    fn answers(&self) -> String {
        format!("AFCHECK_{}_ANSWERS", self.0)
    }

    fn answers_subject(&self, run: &str) -> String {
        format!("afcheck.{}.answers.{run}", self.0)
    }

    fn dead(&self) -> String {
        format!("AFCHECK_{}_DEAD", self.0)
    }

    fn dead_subject(&self) -> String {
        format!("afcheck.{}.dead", self.0)
    }

    fn results(&self) -> String {
        format!("AFCHECK_{}_RESULTS", self.0)
    }
}

/// A connection, and what stands ready on the server.
struct Server {
    client: Client,
    context: jetstream::Context,
    work: stream::Stream,
    answers: stream::Stream,
    results: kv::Store,
}

impl Server {
    /// Connects, and makes streams and the store where there are none. The error says what is wrong, with a hint.
    async fn open(access: &Access) -> Result<Server, String> {
        let Access { url, queue, credentials, roots, certificate } = access;
        if queue.is_empty() || !queue.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            return Err(format!("the queue `{queue}` has a name of letters, digits, - and _"));
        }
        let mut options = ConnectOptions::new().name("afcheck").connection_timeout(Duration::from_secs(5));
        if let Some(path) = credentials {
            options = options.credentials_file(path).await.map_err(|e| format!("{}: {e}", path.display()))?;
        }
        if let Some(path) = roots {
            options = options.add_root_certificates(path.clone());
        }
        if let Some((certificate, key)) = certificate {
            options = options.add_client_certificate(certificate.clone(), key.clone());
        }
        let servers: Vec<&str> = url.split(',').collect();
        let client = options.connect(servers).await.map_err(|e| format!("{}: {e}", without_password(url)))?;
        let context = jetstream::new(client.clone());
        let names = Names(queue);
        let no_stream = |what: &str, e: &dyn std::fmt::Display| {
            format!("{}: {what}: {e} (is JetStream on? `nats-server --jetstream`)", without_password(url))
        };
        let config = |name: String, subject: String| stream::Config {
            name,
            subjects: vec![subject],
            storage: stream::StorageType::File,
            ..stream::Config::default()
        };
        let work = context
            .get_or_create_stream(stream::Config {
                retention: stream::RetentionPolicy::WorkQueue,
                max_age: REQUESTS_LAST,
                duplicate_window: Duration::from_secs(600),
                ..config(names.work(), names.work_subject())
            })
            .await
            .map_err(|e| no_stream("work", &e))?;
        let answers = context
            .get_or_create_stream(stream::Config {
                max_age: ANSWERS_LAST,
                duplicate_window: Duration::from_secs(600),
                ..config(names.answers(), names.answers_subject("*"))
            })
            .await
            .map_err(|e| no_stream("answers", &e))?;
        context
            .get_or_create_stream(stream::Config {
                max_messages: 100_000,
                ..config(names.dead(), names.dead_subject())
            })
            .await
            .map_err(|e| no_stream("dead letters", &e))?;
        // A key-value bucket is a stream of this shape. Made as one: servers before 2.10 answer the bucket's own request in a way
        // that the client does not read.
        let bucket = names.results();
        context
            .get_or_create_stream(stream::Config {
                max_messages_per_subject: 1,
                discard: stream::DiscardPolicy::New,
                allow_rollup: true,
                allow_direct: true,
                deny_delete: true,
                ..config(format!("KV_{bucket}"), format!("$KV.{bucket}.>"))
            })
            .await
            .map_err(|e| no_stream("results", &e))?;
        let results = context.get_key_value(bucket).await.map_err(|e| no_stream("results", &e))?;
        Ok(Server { client, context, work, answers, results })
    }
}

/// An address without what nobody should read in a log.
fn without_password(url: &str) -> String {
    let one = |url: &str| match url.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://{host}"),
            None => url.to_owned(),
        },
        None => url.rsplit_once('@').map_or(url, |(_, host)| host).to_owned(),
    };
    url.split(',').map(one).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_are_not_told() {
        assert_eq!(without_password("nats://me:secret@host:4222,tls://other"), "nats://host:4222,tls://other");
        assert_eq!(without_password("me:secret@host"), "host");
    }
}
