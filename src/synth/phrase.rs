//! From a statement to English: who the variables are, what is assumed, what is claimed, in one of many sentences. Owns
//! the sentences that all schemas share; clauses come from operators, sentences of their own from schemas.

use super::grammar::quoted;
use super::instance::{Statement, Term};
use super::prng::Prng;
use super::render::{Render, tidy};
use super::template::letters_between_dollars;

/// Draws per text that is wanted, beyond which a statement has fewer.
const ATTEMPTS: usize = 6;

/// Sentences without assumptions. `{let}`: `Let $a$ be an integer`; `{all}`: `every integer $a$`; `{are}`: `$a$ is an
/// integer`; `{given}`: `an integer $a$`; `{we}`: the claim, fit to follow a formula; `{goal}`: the claim; `{show}`: `Show
/// that`; `{then}`: that or `Then`.
const PLAIN: [&str; 8] = [
    "{let}. {show} {goal}.",
    "{let}. Then {goal}.",
    "{show} {goal} for {all}.",
    "For {all}, {we}.",
    "Suppose that {are}. {then} {goal}.",
    "{show} {goal}, where {are}.",
    "If {are}, then {goal}.",
    "Given {given}, show that {goal}.",
];

/// Sentences with assumptions, `{if}`; without variables they fall back to [`CLOSED`].
const CONDITIONAL: [&str; 8] = [
    "{let} such that {if}. {then} {goal}.",
    "{let}. If {if}, then {goal}.",
    "{let}. {suppose} that {if}. {then} {goal}.",
    "{suppose} that {if}, where {are}. {then} {goal}.",
    "For {all} such that {if}, {we}.",
    "{let}. {show} if {if}, then {goal}.",
    "{show} {goal} whenever {are} such that {if}.",
    "{let}. {show} {goal}, provided that {if}.",
];

/// Sentences in which something follows or surrounds the claim that could be taken for a part of it.
const NEEDS_FLAT: [&str; 5] = [PLAIN[2], PLAIN[5], PLAIN[6], CONDITIONAL[6], CONDITIONAL[7]];

/// The sentence that says late what the variables are: too late if there is much to say.
const TRAILING: &str = CONDITIONAL[3];

/// Numbers of conditions.
const NUMBERS: [&str; 8] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"];

/// Claims about nothing in particular.
const CLOSED: [&str; 2] = ["{show} {goal}.", "It is true that {goal}."];

/// What `{show}`, `{then}` and `{suppose}` can be.
const SHOW: [&str; 3] = ["Show that", "Prove that", "Verify that"];
const THEN: [&str; 3] = ["Show that", "Prove that", "Then"];
const SUPPOSE: [&str; 2] = ["Suppose", "Assume"];

/// Words that make a clause more than a plain claim: what follows such a claim could be read as a part of it.
const BRANCHING: [&str; 12] = [
    "not ",
    "no ",
    "there ",
    "some ",
    "for all ",
    "for every ",
    "if ",
    " or ",
    " implies ",
    " exactly when ",
    "both ",
    "any ",
];

/// Whether a quantifier or a condition after the clause can only belong to all of it.
fn is_flat(clause: &str) -> bool {
    !BRANCHING.iter().any(|word| clause.contains(word))
}

fn frames(statement: &Statement<'_>) -> &'static [&'static str] {
    match (statement.groups.is_empty(), statement.hypotheses.is_empty()) {
        (true, _) => &CLOSED,
        (_, true) => &PLAIN,
        (_, false) => &CONDITIONAL,
    }
}

/// Different texts for the statement, at most `count`, with the numbers of their phrasings.
pub(super) fn phrasings(render: &Render<'_>, count: usize, prng: &mut Prng) -> Vec<(String, usize)> {
    let mut texts: Vec<(String, usize)> = Vec::new();
    for _ in 0..ATTEMPTS * count {
        if texts.len() == count {
            break;
        }
        let (text, number) = phrase(render, prng);
        if texts.iter().all(|(other, used)| *other != text && *used != number) {
            texts.push((text, number));
        }
    }
    texts
}

/// A text for the statement, and the number of its phrasing.
fn phrase(render: &Render<'_>, prng: &mut Prng) -> (String, usize) {
    let statement = render.statement;
    let style = prng.below(2);
    let own = own_texts(render);
    // Sentences of the schema's own read best; they get half of the cases.
    if !own.is_empty() && prng.chance(1, 2) {
        let number = *prng.choose(&own);
        let text = &statement.schema.texts[number];
        return (finish(&common(render, &own_text(render, text), style, prng)), number);
    }
    let goal = render.clause(&statement.goal, prng);
    let conditions: Vec<(&Term, String)> =
        conditions(&statement.hypotheses).into_iter().map(|h| (h, render.clause(h, prng))).collect();
    let frames = frames(statement);
    let flat = is_flat(&goal) && conditions.iter().all(|(_, text)| is_flat(text));
    let number = loop {
        let number = prng.below(frames.len());
        if (flat || !NEEDS_FLAT.contains(&frames[number])) && (statement.groups.len() < 3 || frames[number] != TRAILING)
        {
            break number;
        }
    };
    let formula = goal.starts_with('$') && goal.matches('$').count() == 2 && goal.ends_with('$');
    let we = match formula {
        true => format!("we have {goal}"),
        false if !goal.starts_with("it is") && (goal.starts_with('$') || !conditions.is_empty()) => {
            format!("it is true that {goal}")
        }
        false => goal.clone(),
    };
    let text =
        frames[number].replace("{if}", &conjunction(render, &conditions)).replace("{we}", &we).replace("{goal}", &goal);
    let text = common(render, &format!("{text}{{notes}}"), style, prng);
    (finish(&text), statement.schema.texts.len() + number)
}

/// What all sentences can say: who the variables are, what is to be done, and what the signs mean.
fn common(render: &Render<'_>, text: &str, style: usize, prng: &mut Prng) -> String {
    text.replace("{show}", prng.choose::<&str>(&SHOW))
        .replace("{then}", prng.choose::<&str>(&THEN))
        .replace("{suppose}", prng.choose::<&str>(&SUPPOSE))
        .replace("{let}", &introduce(render, style, "Let ", ", let ", " and let ", Verb::Be))
        .replace("{are}", &introduce(render, style, "", ", ", " and ", Verb::Is))
        .replace("{all}", &introduce(render, style, "", ", ", " and ", Verb::Every))
        .replace("{given}", &introduce(render, style, "", ", ", " and ", Verb::None))
        .replace("{notes}", &notes(render))
        .replace("Then if ", "Show that if ")
}

/// Conditions one after another, numbered if they could be read in more than one way.
fn conjunction(render: &Render<'_>, conditions: &[(&Term, String)]) -> String {
    let texts: Vec<String> = conditions.iter().map(|(_, text)| text.clone()).collect();
    if conditions.len() > 1 && conditions.iter().any(|(term, _)| render.is_compound(term)) {
        let numbered = texts.iter().zip(NUMBERS).map(|(text, number)| format!("({number}) {text}"));
        return list(&numbered.collect::<Vec<_>>(), ", ", " and ");
    }
    // `$a$ and $b$ commute` is one condition.
    let and = if texts.iter().any(|text| text.contains(" and ")) { ", and " } else { " and " };
    list(&texts, ", ", and)
}

/// The conditions of a statement, each for itself.
fn conditions<'a>(hypotheses: &'a [Term]) -> Vec<&'a Term> {
    let parts = |term: &'a Term| match term {
        Term::Call(name, both) if name == "and" => conditions(both),
        single => vec![single],
    };
    hypotheses.iter().flat_map(parts).collect()
}

/// What the signs in the formulas mean.
fn notes(render: &Render<'_>) -> String {
    let notes = render.notes();
    let notes: Vec<String> = notes.into_iter().map(|note| note.replace("stands for", "for")).collect();
    match notes.len() {
        0 => String::new(),
        _ => format!(" Here {}.", list(&notes, ", ", " and ").replacen(" for ", " stands for ", 1)),
    }
}

/// The schema's own sentences that fit: they know of no conditions added to it, and their letters are not those of
/// other variables.
fn own_texts(render: &Render<'_>) -> Vec<usize> {
    let statement = render.statement;
    let told = statement.quoted.values().all(|quote| render.has_tex(quote));
    if statement.distractor || !told {
        return Vec::new();
    }
    let free = |text: &str| {
        let speaks = ["{let}", "{all}", "{are}", "{given}"].iter().any(|of| text.contains(of));
        if speaks && statement.groups.is_empty() {
            return false;
        }
        let letters = letters(text);
        let kept = |name: &str| statement.schema.variables.iter().any(|v| v.fixed && v.name == name);
        let names = statement.groups.iter().flatten().map(|v| &statement.variables[*v].name);
        names.filter(|name| !kept(name)).all(|name| !letters.contains(name))
    };
    let texts = statement.schema.texts.iter().enumerate();
    texts.filter(|(_, text)| free(text)).map(|(number, _)| number).collect()
}

/// The letters in the formulas of a sentence, outside of `{=..}`.
fn letters(text: &str) -> Vec<String> {
    let mut bare = text.to_owned();
    for quote in quoted(text) {
        bare = bare.replace(&format!("{{={quote}}}"), "");
    }
    letters_between_dollars(&bare)
}

fn own_text(render: &Render<'_>, text: &str) -> String {
    let mut written = text.to_owned();
    for quote in quoted(text) {
        let formula = render.formula(&render.statement.quoted[quote]);
        written = written.replace(&format!("{{={quote}}}"), &formula);
    }
    written
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
