//! Messages of a report. Owns how many there are at most, and how long.

use crate::domain::Message;

/// Messages of a report: a text can make Lean print megabytes (traces), a result keeps what people and models can use.
pub fn bounded(messages: impl Iterator<Item = Message>) -> Vec<Message> {
    const MESSAGES: usize = 200;
    const BYTES: usize = 16 << 10;
    let mut messages: Vec<Message> = messages.collect();
    let dropped = messages.len().saturating_sub(MESSAGES);
    messages.truncate(MESSAGES);
    for message in &mut messages {
        let all = message.text.len();
        if all > BYTES {
            message.text.truncate(message.text.floor_char_boundary(BYTES));
            message.text.push_str(&format!("\n... ({} more bytes)", all - message.text.len()));
        }
    }
    if let (Some(last), 1..) = (messages.last_mut(), dropped) {
        last.text.push_str(&format!("\n... ({dropped} more messages)"));
    }
    messages
}
