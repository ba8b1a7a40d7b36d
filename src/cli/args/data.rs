//! The command line of `data`. Owns names, help texts and examples; resolves nothing.

use super::LeanArgs;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// Makes and describes data sets of informal and formal statements.
#[derive(Debug, clap::Args)]
pub struct Data {
    #[command(subcommand)]
    pub what: DataWhat,
}

#[derive(Debug, Subcommand)]
pub enum DataWhat {
    /// Make training pairs over AfCore: an informal and a formal statement each, type-checked
    Synth(Box<Synth>),
    /// Have Lean write out the proofs of a data set: goals with the step that was taken, and terms
    Proofs(DataProofs),
    /// Print problems of a data set, or what a data condition gives to train on, with its statistics
    Show(DataShow),
    /// Choose training data for a target by a budget of tokens
    #[cfg(feature = "ml")]
    Select(Box<super::Select>),
    /// Count a data set by concept, difficulty and schema; lengths and duplicates
    Stats(DataStats),
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck data synth --seed 1 --count 7000 --out data/afcore/train.jsonl \\
      --exclude data/afcore/test.jsonl --exclude data/afcore/dev.jsonl
  afcheck data synth --seed 7 --count 20 --concepts primes,graphs --no-check
  afcheck data synth --each-schema --no-check | less

Pairs are instances of schemas of true statements. A statement comes in up to --phrasings texts that differ in more than
names: records with the same `statement`, to be kept on one side of a split. The same seed, count, phrasings, concepts and excluded files give the same file,
byte for byte, whatever --jobs is. Left out are pairs whose formal text, up to names of variables, or informal text was
there before; those that share a run of --informal-ngram words or --formal-ngram tokens, or a whole statement, with an
excluded file (JSON lines with fields `informal` and `formal`); and those Lean does not accept, which are counted by
schema on standard error.")]
pub struct Synth {
    /// Seed of the choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Pairs to make
    #[arg(long, value_name = "N", default_value_t = 5000)]
    pub count: usize,
    /// Texts for one statement, at most; each is a pair of its own with the statement's key
    #[arg(long, value_name = "K", default_value_t = 2)]
    pub phrasings: usize,
    /// Write here instead of to standard output; an existing file is replaced when all is made
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only these concepts, separated by commas
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub concepts: Vec<String>,
    /// Keep away from the statements of this file; may be repeated
    #[arg(long, value_name = "FILE")]
    pub exclude: Vec<PathBuf>,
    /// Words of informal text that may not occur in a row in an excluded file as well
    #[arg(long, value_name = "N", default_value_t = crate::synth::Limits::default().words)]
    pub informal_ngram: usize,
    /// The same for tokens of the formal hypotheses and goal, variables numbered
    #[arg(long, value_name = "N", default_value_t = crate::synth::Limits::default().tokens)]
    pub formal_ngram: usize,
    /// Do not ask Lean
    #[arg(long)]
    pub no_check: bool,
    /// One instance of every schema, in the order of the grammar, instead of --count pairs
    #[arg(long, conflicts_with_all = ["count", "concepts", "exclude", "phrasings"])]
    pub each_schema: bool,
    #[command(flatten)]
    pub lean: LeanArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck data proofs afcore:dev --out proofs.jsonl
  afcheck data proofs proofs-by-model.jsonl --data-field proof=code --what states --out states.jsonl
  afcheck finetune --data jsonl:proofs.jsonl --tokens 100000 --out runs/proofs

Only proofs that Lean accepts give anything. A step is a line of a tactic block with what is indented below it; its text is the
goals in front of it, an empty line, and the step (also in the fields state and tactic). A term is what `#print` says of the
theorem, proof and all. Texts are JSON lines with id, kind (state or term) and text, as `jsonl:FILE` of a data condition reads
them.")]
pub struct DataProofs {
    /// A data set with proofs: afcore, afcore:dev, or a file
    pub set: String,
    /// What is written out, separated by commas
    #[arg(long, value_enum, value_name = "LIST", value_delimiter = ',', default_values_t = [ProofPart::States, ProofPart::Terms])]
    pub what: Vec<ProofPart>,
    /// Only problems of this split
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Only the first N problems
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Read ROLE (id, formal, proof, header, ...) of problems from field NAME
    #[arg(long, value_name = "ROLE=NAME")]
    pub data_field: Vec<String>,
    /// Write here instead of to standard output; an existing file is replaced when all is made
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub lean: LeanArgs,
}

/// What is written out of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProofPart {
    /// The goals in front of every step, and the step
    States,
    /// The whole proof as a term
    Terms,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck data show afcore --id afcore_divisibility_01
  afcheck data show afcore:dev --sample 5 --seed 3
  afcheck data show data/afcore/train.jsonl --sample 20 | less
  afcheck data show proofnet.jsonl --split valid --format jsonl > valid.jsonl
  afcheck data show aligned:afcore:train --model gemma-3-270m --tokens 100000
  afcheck data show 0.7*unpaired:afcore:train+0.3*lean-docs:afcore:library --sample 10
  afcheck data show python:src --context 512 --format jsonl > python.jsonl

Sets are those of eval --data: afcore, afcore:dev and afcore:train are built in; anything else is a file (.jsonl, .json, .csv,
.parquet) whose fields are recognised, or named with --data-field. Without --id and --sample the whole set is shown.

Conditions are views of data to train on: aligned:SET, unpaired:SET, formal:SET, informal:SET of problems; lean, lean-docs,
python, coq, isabelle, metamath, mizar, smtlib, tptp, markdown, latex, text or jsonl, a colon and a path (built in: lean or
lean-docs of afcore:library, markdown of afcore:textbook and afcore:almanac); mixtures as in 0.7*VIEW+0.3*VIEW. Statistics and
--sample examples are shown, three by default; with --format jsonl the examples, all by default, and the statistics on standard
error. docs/data-conditions.md has the rest.")]
pub struct DataShow {
    /// A data set (a built-in name or a file), or a data condition
    pub set: String,
    /// Only the problem of this id; may be repeated
    #[arg(long = "id", value_name = "ID", conflicts_with = "sample")]
    pub ids: Vec<String>,
    /// Only N problems, drawn at random and shown in the order of the set; of a condition the first N examples
    #[arg(long, value_name = "N")]
    pub sample: Option<usize>,
    /// Seed of the sample, and of a condition's order
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Only problems of this split
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Read ROLE (id, informal, formal, header, ...) of problems from field NAME
    #[arg(long, value_name = "ROLE=NAME")]
    pub data_field: Vec<String>,
    /// For people, or JSON lines: of problems with the fields of AfCore's files, of examples with id, prompt and target
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
    #[command(flatten)]
    pub condition: ConditionArgs,
}

/// How a condition is drawn.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Data conditions")]
pub struct ConditionArgs {
    /// Tokens in all, prompts and targets [default: as many as there are before some source repeats itself]
    #[arg(long, value_name = "N")]
    pub tokens: Option<u64>,
    /// Count the tokens of this model instead of words: a name or a path, as for loss
    #[cfg(feature = "ml")]
    #[arg(long, value_name = "NAME|PATH")]
    pub model: Option<String>,
    /// Tokens of an example at most [default: no limit]
    #[arg(long, value_name = "N")]
    pub context: Option<usize>,
    /// What becomes of longer ones
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = LongExamples::Cut, requires = "context")]
    pub too_long: LongExamples,
    /// Prompt template of aligned examples (TOML) [default: built in]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
}

impl ConditionArgs {
    /// The first option that was given, for a message: none of them says anything of plain data sets.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            (self.tokens.is_some(), "--tokens"),
            #[cfg(feature = "ml")]
            (self.model.is_some(), "--model"),
            (self.context.is_some(), "--context"),
            (self.template.is_some(), "--template"),
        ];
        given.into_iter().find_map(|(is_given, name)| is_given.then_some(name))
    }
}

/// What becomes of examples that are longer than the context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LongExamples {
    /// They lose their end
    Cut,
    /// They are not used
    LeaveOut,
}

/// How problems are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Jsonl,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck data stats data/afcore/train.jsonl
  afcheck data stats data/afcore/train.jsonl --against data/afcore/test.jsonl")]
pub struct DataStats {
    /// JSON lines with the fields `informal` and `formal`
    pub file: PathBuf,
    /// Also count the statements that share text with this file
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
}
