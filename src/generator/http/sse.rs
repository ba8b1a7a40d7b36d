//! Server-sent events: the data of each, as it comes. Owns the framing (WHATWG HTML, 9.2.6) and a bound on its length.

use std::io::{self, BufRead, Read};

/// Bytes of an event at most; a token takes hundreds.
const LONGEST: u64 = 8 << 20;

/// The events of a stream.
pub struct Events<R> {
    from: R,
}

impl<R: BufRead> Events<R> {
    /// The events in what `from` reads.
    pub fn new(from: R) -> Self {
        Events { from }
    }

    /// The data of the next event; `None` at the end of the stream. An event that the end cuts is not one.
    pub fn next(&mut self) -> io::Result<Option<String>> {
        let mut data: Option<String> = None;
        loop {
            let mut line = Vec::new();
            self.from.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                return match line.len() as u64 {
                    LONGEST => Err(io::Error::other("the server sent an event without end")),
                    // llama.cpp and others end without an empty line.
                    0 => Ok(data),
                    _ => Ok(None),
                };
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\r', '\n']);
            if line.is_empty() {
                match data {
                    Some(data) => return Ok(Some(data)),
                    None => continue,
                }
            }
            // Comments keep a connection alive; names of events and the like say nothing here.
            let Some(value) = line.strip_prefix("data:") else { continue };
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut data {
                Some(data) if data.len() as u64 + value.len() as u64 > LONGEST => {
                    return Err(io::Error::other("the server sent an event without end"));
                }
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => data = Some(value.to_owned()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        // One byte at a time: pieces of a network end anywhere.
        let mut events = Events::new(io::BufReader::with_capacity(1, text.as_bytes()));
        std::iter::from_fn(|| events.next().expect("it can be read")).collect()
    }

    #[test]
    fn events_are_read_however_they_are_framed() {
        assert_eq!(read("data: a\n\ndata:b\r\n\r\n: alive\n\nevent: x\ndata: c\ndata: d\n\n"), ["a", "b", "c\nd"]);
        assert_eq!(read("data: a\n\ndata: [DONE]\n"), ["a", "[DONE]"]);
        assert_eq!(read("data: ℝ\n\ndata: {\"cut"), ["ℝ"]);
    }

    #[test]
    fn an_event_without_end_is_an_error() {
        let endless = io::BufReader::new(io::repeat(b'x'));
        assert!(Events::new(endless).next().is_err());
    }
}
