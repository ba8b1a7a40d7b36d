//! From a statement to English: who the variables are, what is assumed, what is claimed, in one of many sentences. Owns
//! the sentences that all schemas share; clauses come from operators, sentences of their own from schemas.

use super::grammar::quoted;
use super::instance::Statement;
use super::prng::Prng;
use super::render::{Render, tidy};

/// Sentences without assumptions. `{let}`: `Let $a$ be an integer`; `{all}`: `every integer $a$`; `{are}`: `$a$ is an
/// integer`; `{we}`: the claim, fit to follow a formula; `{goal}`: the claim.
const PLAIN: [&str; 12] = [
    "{let}. Show that {goal}.",
    "{let}. Then {goal}.",
    "{let}. Prove that {goal}.",
    "Show that {goal} for {all}.",
    "Prove that {goal} for {all}.",
    "For {all}, {we}.",
    "Suppose that {are}. Prove that {goal}.",
    "Show that {goal}, where {are}.",
    "Prove that, for {all}, {we}.",
    "If {are}, then {goal}.",
    "{let}. Verify that {goal}.",
    "Let us be given {given}. Show that {goal}.",
];

/// Sentences with assumptions, `{if}`; without variables they fall back to [`CLOSED`].
const CONDITIONAL: [&str; 12] = [
    "{let} such that {if}. Show that {goal}.",
    "{let}. If {if}, then {goal}.",
    "{let}. Suppose that {if}. Prove that {goal}.",
    "Suppose that {if}, where {are}. Then {goal}.",
    "For {all} such that {if}, {we}.",
    "{let}. Show that if {if}, then {goal}.",
    "{let}, and assume that {if}. Then {goal}.",
    "Show that {goal} whenever {are} such that {if}.",
    "{let} such that {if}. Then {goal}.",
    "{let}. Assume that {if}. Show that {goal}.",
    "Suppose that {are} such that {if}. Prove that {goal}.",
    "{let}. Prove that {goal}, provided that {if}.",
];

/// Claims about nothing in particular.
const CLOSED: [&str; 4] = ["Show that {goal}.", "Prove that {goal}.", "Verify that {goal}.", "It is true that {goal}."];

fn frames(statement: &Statement<'_>) -> &'static [&'static str] {
    match (statement.groups.is_empty(), statement.hypotheses.is_empty()) {
        (true, _) => &CLOSED,
        (_, true) => &PLAIN,
        (_, false) => &CONDITIONAL,
    }
}

/// A text for the statement, and the number of its phrasing.
pub(super) fn phrase(render: &Render<'_>, prng: &mut Prng) -> (String, usize) {
    let statement = render.statement;
    let own = &statement.schema.texts;
    // Sentences of the schema's own read best; they get half of the cases. They know of no conditions added to it.
    let whole = statement.hypotheses.len() <= statement.schema.hypotheses.len();
    let told = statement.quoted.values().all(|quote| render.has_tex(quote));
    let take_own = !own.is_empty() && whole && told && prng.chance(1, 2);
    if take_own {
        let number = prng.below(own.len());
        return (finish(&own_text(render, &own[number])), number);
    }
    let frames = frames(statement);
    let number = prng.below(frames.len());
    let frame = frames[number];
    let style = prng.below(2);
    let goal = render.clause(&statement.goal, prng);
    let conditions: Vec<String> = statement.hypotheses.iter().map(|h| render.clause(h, prng)).collect();
    let we = match goal.starts_with('$') && goal.matches('$').count() == 2 && goal.ends_with('$') {
        true => format!("we have {goal}"),
        false => format!("it is true that {goal}"),
    };
    let text = frame
        .replace("{let}", &introduce(render, style, "Let ", ", let ", " and let ", Verb::Be))
        .replace("{are}", &introduce(render, style, "", ", ", " and ", Verb::Is))
        .replace("{all}", &introduce(render, style, "", ", ", " and ", Verb::Every))
        .replace("{given}", &introduce(render, style, "", ", ", " and ", Verb::None))
        .replace("{if}", &list(&conditions, ", ", " and "))
        .replace("{we}", &we)
        .replace("{goal}", &goal);
    let notes = render.notes();
    let note = match notes.len() {
        0 => String::new(),
        _ => {
            let notes: Vec<String> = notes.into_iter().map(|note| note.replace("stands for", "for")).collect();
            format!(" Here {}.", list(&notes, ", ", " and ").replacen(" for ", " stands for ", 1))
        }
    };
    (finish(&text) + &note, own.len() + number)
}

fn own_text(render: &Render<'_>, text: &str) -> String {
    let mut written = text.to_owned();
    for quote in quoted(text) {
        let formula = render.formula(&render.statement.quoted[quote]);
        written = written.replace(&format!("{{={quote}}}"), &formula);
    }
    let (one, many) = render.number_words();
    written.replace("{one}", one).replace("{many}", many)
}

/// A capital at the beginning.
fn finish(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_ascii_lowercase() => first.to_ascii_uppercase().to_string() + letters.as_str(),
        _ => text.to_owned(),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Verb {
    /// `$a$ and $b$ be integers`
    Be,
    /// `$a$ and $b$ are integers`
    Is,
    /// `all integers $a$ and $b$`
    Every,
    /// `integers $a$ and $b$`
    None,
}

/// Says what the variables are.
fn introduce(render: &Render<'_>, style: usize, first: &str, comma: &str, and: &str, verb: Verb) -> String {
    let groups = render.statement.groups.iter().map(|group| {
        let sort = &render.statement.variables[group[0]].sort;
        let names: Vec<String> = group.iter().map(|v| tidy(&render.tex_name(*v))).collect();
        let plural = names.len() > 1;
        let names = match style {
            0 => list(&names.iter().map(|n| format!("${n}$")).collect::<Vec<_>>(), ", ", " and "),
            _ => format!("${}$", names.join(", ")),
        };
        let article = if plural { String::new() } else { format!("{} ", render.article(sort)) };
        match verb {
            Verb::Be => format!("{names} be {article}{}", render.noun(sort, plural, None)),
            Verb::Is if plural => format!("{names} are {}", render.noun(sort, true, None)),
            Verb::Is => format!("{names} is {article}{}", render.noun(sort, false, None)),
            Verb::Every if plural => format!("all {}", render.noun(sort, true, Some(&names))),
            Verb::Every => format!("every {}", render.noun(sort, false, Some(&names))),
            Verb::None => format!("{article}{}", render.noun(sort, plural, Some(&names))),
        }
    });
    first.to_owned() + &list(&groups.collect::<Vec<_>>(), comma, and)
}

/// `a, b and c`.
fn list(items: &[String], comma: &str, and: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => most.join(comma) + and + last,
    }
}
