//! `afcheck data show CONDITION`: statistics and examples of a data condition. Owns the choice of the tokenizer and the
//! layout; what the examples are is `pipeline::conditions`'s business.

use crate::cli::args::{Common, ConditionArgs, DataShow, LongExamples, ShowFormat};
use crate::cli::exit::{Exit, Failure};
use crate::dataset::ProblemFields;
use crate::pipeline::conditions::{Condition, Data, Drawing, Drawn, Encoder, Example, Reading, TooLong, Words};
use serde::Serialize;
use std::fmt::Write as _;

/// Examples people are shown without `--sample`.
const SHOWN: usize = 3;

/// An example for programs.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    prompt: String,
    target: String,
    prompt_tokens: usize,
    target_tokens: usize,
}

/// Shows the condition that the set of `args` is.
pub fn show(common: &Common, args: &DataShow, fields: ProblemFields) -> Result<Exit, Failure> {
    if let Some(id) = args.ids.first() {
        return Err(usage(format!("--id {id} is for data sets; the examples of a condition are drawn, not chosen")));
    }
    let condition: Condition = args.set.parse().map_err(usage)?;
    let ConditionArgs { tokens, context, too_long, template, .. } = &args.condition;
    let template = super::read_template(template.as_deref())?;
    let reading = Reading { fields, split: args.split.clone(), template };
    let data = Data::read(&condition, &reading).map_err(usage)?;
    let too_long = match too_long {
        LongExamples::Cut => TooLong::Cut,
        LongExamples::LeaveOut => TooLong::LeaveOut,
    };
    let drawing = Drawing { seed: args.seed, budget: *tokens, context: *context, too_long };
    with_encoder(common, &args.condition, |encoder| {
        let Drawn { examples, report } = data.draw(encoder, &drawing).map_err(usage)?;
        match args.format {
            ShowFormat::Text => {
                let examples = examples.iter().take(args.sample.unwrap_or(SHOWN));
                let shown: String = examples.map(|example| readable(example, encoder)).collect();
                super::print(&format!("{report}{shown}"))
            }
            ShowFormat::Jsonl => {
                if !common.quiet {
                    eprint!("{report}");
                }
                let examples = examples.iter().take(args.sample.unwrap_or(usize::MAX));
                let lines = examples.map(|example| serde_json::to_string(&line(example, encoder)));
                let lines: String =
                    lines.map(|line| Ok(line? + "\n")).collect::<Result<_, serde_json::Error>>().map_err(usage)?;
                super::print(&lines)
            }
        }
    })
}

fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// Runs with the tokenizer of `--model`, or with words.
#[cfg(feature = "ml")]
fn with_encoder(
    common: &Common,
    args: &ConditionArgs,
    run: impl FnOnce(&dyn Encoder) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    use crate::ml::{shelf::Shelf, tokenizer::Tokenizer};
    use crate::pipeline::conditions::ModelEncoder;
    let Some(model) = &args.model else { return run(&Words::default()) };
    let path = Shelf::new(super::cache(common).root()).find(model).map_err(usage)?;
    let tokenizer = Tokenizer::open(&path).map_err(usage)?;
    run(&ModelEncoder::new(&tokenizer).map_err(usage)?)
}

/// Runs with words: there are no models in this build.
#[cfg(not(feature = "ml"))]
fn with_encoder(
    _: &Common,
    _: &ConditionArgs,
    run: impl FnOnce(&dyn Encoder) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    run(&Words::default())
}

fn line<'a>(example: &'a Example, encoder: &dyn Encoder) -> Line<'a> {
    Line {
        id: &example.id,
        prompt: encoder.decode(&example.prompt),
        target: encoder.decode(&example.target),
        prompt_tokens: example.prompt.len(),
        target_tokens: example.target.len(),
    }
}

fn readable(example: &Example, encoder: &dyn Encoder) -> String {
    let Line { id, prompt, target, prompt_tokens, target_tokens } = line(example, encoder);
    let unit = encoder.unit();
    let mut text = format!("\n{id}\n");
    // A prompt without text is the token that begins texts.
    let parts = [("prompt", prompt, prompt_tokens), ("target", target, target_tokens)];
    for (name, part, count) in parts.into_iter().filter(|(_, part, _)| !part.is_empty()) {
        let _ = writeln!(text, "  {name} ({count} {unit}):");
        for line in part.trim_end().lines() {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
    }
    text
}
