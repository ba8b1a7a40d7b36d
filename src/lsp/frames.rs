//! Messages as bytes, looked at before the library reads them: it ends a session at the first that it cannot parse. Owns the frame
//! (headers, a blank line, so many bytes) and what stands in place of what is none.

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// The method of a notification in place of a message that is none.
pub const MALFORMED: &str = "$/afcheck/malformed";

/// Bytes of a message at most; behind a longer one nobody knows where the next begins, so the session ends.
const LONGEST: usize = 512 << 20;

/// Bytes of a line of headers that are read.
const HEADER: u64 = 16 << 10;

/// An identifier of a request.
#[derive(Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "only whether it can be read is of interest")]
enum Id {
    Number(i64),
    Text(String),
    None(()),
}

/// What every message has to be.
#[derive(Deserialize)]
struct Shape {
    jsonrpc: String,
    #[expect(dead_code, reason = "as above")]
    id: Option<Id>,
    method: Option<String>,
    #[serde(default, deserialize_with = "structured")]
    #[expect(dead_code, reason = "as above")]
    params: (),
    #[serde(default, deserialize_with = "there")]
    result: bool,
    #[serde(default, deserialize_with = "there")]
    error: bool,
}

/// True for whatever is there.
fn there<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(from).map(|_| true)
}

/// An object, a list or nothing; what is in it is the library's to read.
fn structured<'de, D: Deserializer<'de>>(from: D) -> Result<(), D::Error> {
    struct Structured;

    impl<'de> Visitor<'de> for Structured {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or a list of params")
        }

        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(())
        }
    }

    from.deserialize_any(Structured)
}

/// Why a body is no message.
fn wrong(body: &[u8]) -> Option<String> {
    let shape: Shape = match serde_json::from_slice(body) {
        Ok(shape) => shape,
        Err(error) => return Some(error.to_string()),
    };
    match () {
        () if shape.jsonrpc != "2.0" => Some("it is not of JSON-RPC 2.0".into()),
        () if shape.method.is_none() && !shape.result && !shape.error => {
            Some("it has neither a method nor a result".into())
        }
        () => None,
    }
}

/// Copies messages until the input ends, with a notification in place of each that is none.
pub async fn copy(from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) -> std::io::Result<()> {
    let mut from = BufReader::new(from);
    loop {
        let mut length = None;
        loop {
            let mut line = Vec::new();
            if (&mut from).take(HEADER).read_until(b'\n', &mut line).await? == 0 {
                return Ok(());
            }
            let line = String::from_utf8_lossy(&line);
            match (line.trim(), length) {
                // What stands between messages is no header.
                ("", None) => {}
                ("", Some(_)) => break,
                (header, _) => {
                    if let Some((name, value)) = header.split_once(':')
                        && name.eq_ignore_ascii_case("content-length")
                    {
                        length = value.trim().parse::<usize>().ok();
                    }
                }
            }
        }
        let length = length.unwrap_or_default();
        if length > LONGEST {
            return Ok(());
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).await?;
        if let Some(why) = wrong(&body) {
            let params = serde_json::json!({"why": why});
            body =
                serde_json::json!({"jsonrpc": "2.0", "method": MALFORMED, "params": params}).to_string().into_bytes();
        }
        to.write_all(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes()).await?;
        to.write_all(&body).await?;
        to.flush().await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_from_what_is_none() {
        for right in [
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{}}"#,
            r#"{"jsonrpc":"2.0","method":"a"}"#,
            r#"{"jsonrpc":"2.0","id":"x","result":null}"#,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}"#,
        ] {
            assert_eq!(wrong(right.as_bytes()), None, "{right}");
        }
        for no_message in [
            "",
            "[]",
            "null",
            "{}",
            r#"{"jsonrpc":"1.0","method":"a"}"#,
            r#"{"jsonrpc":"2.0","method":7}"#,
            r#"{"jsonrpc":"2.0","method":"a","params":1}"#,
            r#"{"jsonrpc":"2.0","id":{},"method":"a"}"#,
            "{\"jsonrpc\":\"2.0\"",
        ] {
            assert!(wrong(no_message.as_bytes()).is_some(), "{no_message}");
        }
    }

    #[test]
    fn what_is_none_does_not_hide_the_next() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let good = r#"{"jsonrpc":"2.0","method":"a"}"#;
        let input = format!(
            "\r\nnoise\r\nContent-Length: 3\r\n\r\nabcContent-Type: x\r\ncontent-length: {}\r\n\r\n{good}",
            good.len()
        );
        let mut output = Vec::new();
        runtime.block_on(copy(input.as_bytes(), &mut output)).expect("copied");
        let output = String::from_utf8(output).expect("text");
        assert_eq!(output.matches("Content-Length").count(), 2, "{output}");
        assert!(output.contains(MALFORMED) && output.ends_with(good), "{output}");
    }
}
