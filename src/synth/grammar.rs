//! The grammar: operators, sorts, rules and schemas, read from the files in `grammar/`. Owns the files' syntax (described
//! in `grammar/base.txt`) and what they may not do; instantiates nothing.

use super::expr::{self, Expr, Infix};
use super::template::{Template, template};
use std::collections::{BTreeMap, BTreeSet};

/// The files, in the order of the concepts. The first has what all share.
const FILES: [(&str, &str); 20] = [
    ("base", include_str!("grammar/base.txt")),
    ("divisibility", include_str!("grammar/divisibility.txt")),
    ("parity", include_str!("grammar/parity.txt")),
    ("primes", include_str!("grammar/primes.txt")),
    ("gcd", include_str!("grammar/gcd.txt")),
    ("congruences", include_str!("grammar/congruences.txt")),
    ("integers", include_str!("grammar/integers.txt")),
    ("finite_sums", include_str!("grammar/finite_sums.txt")),
    ("counting", include_str!("grammar/counting.txt")),
    ("sequences", include_str!("grammar/sequences.txt")),
    ("logic", include_str!("grammar/logic.txt")),
    ("functions", include_str!("grammar/functions.txt")),
    ("relations", include_str!("grammar/relations.txt")),
    ("orders", include_str!("grammar/orders.txt")),
    ("sets", include_str!("grammar/sets.txt")),
    ("groups", include_str!("grammar/groups.txt")),
    ("rings", include_str!("grammar/rings.txt")),
    ("lists", include_str!("grammar/lists.txt")),
    ("words", include_str!("grammar/words.txt")),
    ("machines", include_str!("grammar/machines.txt")),
];

/// How an operator is written: in Lean, in formulas, in sentences.
#[derive(Clone, Debug, Default)]
pub(super) struct Op {
    /// Lean's template and its strength.
    pub lean: (u32, Template),
    /// The formula, if there is one.
    pub tex: Option<(u32, Template)>,
    /// What explains the formula, to follow "Here".
    pub note: Option<String>,
    /// Clauses, for propositions.
    pub say: Vec<Template>,
}

/// A sort: what variables can be.
#[derive(Clone, Debug, Default)]
pub(super) struct Sort {
    pub lean: Template,
    /// Its sign in formulas, if it has one.
    pub symbol: Option<String>,
    /// Article and noun, e.g. `an`, `element {@} of ${1}$`, `elements {@} of ${1}$`.
    pub article: String,
    pub singular: Template,
    pub plural: Template,
    /// Lists of names for its variables; a statement keeps to one of them.
    pub names: Vec<Vec<String>>,
    /// A type: bound by `{X : Type}`.
    pub implicit: bool,
    /// Instances bound with it: `DecidablePred {@}`.
    pub instances: Vec<Template>,
    /// Harmless facts of one more variable, which is `_`.
    pub extra: Vec<Expr>,
}

/// Ways to make terms. Each yields as many terms as every other of its rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Production {
    /// Only for this number sort.
    pub only: Option<String>,
    pub terms: Vec<Expr>,
    /// Can lead back to its rule.
    pub compound: bool,
}

/// A named list of productions.
pub(super) type Rules = BTreeMap<String, Vec<Production>>;

/// A variable that a schema declares.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub name: String,
    pub sort: Expr,
    /// Keeps its name.
    pub fixed: bool,
    /// Bound by a quantifier, a sum or a function in the statement itself.
    pub bound: bool,
}

/// A hypothesis of a schema.
#[derive(Clone, Debug)]
pub(super) struct Hypothesis {
    pub prop: Expr,
    /// Dropped unless the goal mentions all its variables.
    pub optional: bool,
}

/// A family of true statements.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    pub name: String,
    pub concept: String,
    /// Difficulty of its simplest instances, from 1.
    pub base: usize,
    /// The sorts `N` stands for, one per instance; none if it does not occur.
    pub over: Vec<String>,
    pub variables: Vec<Declared>,
    pub rules: Rules,
    pub hypotheses: Vec<Hypothesis>,
    /// Harmless hypotheses.
    pub extra: Vec<Expr>,
    pub goal: Expr,
    /// Sentences of its own, beside those that `phrase` makes.
    pub texts: Vec<String>,
    /// Expressions in those sentences.
    pub quoted: BTreeMap<String, Expr>,
}

/// Everything the files say.
#[derive(Clone, Debug, Default)]
pub(super) struct Grammar {
    pub ops: BTreeMap<String, Op>,
    pub infixes: Vec<Infix>,
    pub sorts: BTreeMap<String, Sort>,
    pub rules: Rules,
    pub schemas: Vec<Schema>,
}

impl Grammar {
    /// Reads the files of this program.
    pub(super) fn load() -> Result<Grammar, String> {
        let mut grammar = Grammar::default();
        let mut wrong = Vec::new();
        for (name, text) in FILES {
            grammar.read(name, text, &mut wrong);
        }
        grammar.settle(&mut wrong);
        if wrong.is_empty() { Ok(grammar) } else { Err(wrong.join("\n")) }
    }

    /// Marks the productions that can lead back to their rule, once all rules are known. A rule needs another one, or
    /// its instances come to no end.
    fn settle(&mut self, wrong: &mut Vec<String>) {
        let shared = self.rules.clone();
        let of_schemas = self.schemas.iter_mut().map(|schema| &mut schema.rules);
        for rules in of_schemas.chain([&mut self.rules]) {
            let mut all = shared.clone();
            all.extend(rules.clone());
            for (rule, productions) in rules.iter_mut() {
                for production in productions.iter_mut() {
                    let mut mentioned = BTreeSet::new();
                    production.terms.iter().for_each(|term| mentions(term, &all, &mut mentioned));
                    production.compound = mentioned.iter().any(|other| other == rule || reaches(&all, other, rule));
                }
                if productions.iter().all(|p| p.compound || p.only.is_some()) {
                    wrong.push(format!("the rule `{rule}` needs a production that does not lead back to it"));
                }
            }
        }
    }

    /// Reads a file; what is wrong with it is added to `wrong`.
    fn read(&mut self, file: &str, text: &str, wrong: &mut Vec<String>) {
        let mut reader = Reader { grammar: self, concept: file.to_owned(), schema: None, part: Part::None };
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Err(error) = reader.line(line) {
                wrong.push(format!("{file}.txt:{}: {error}", number + 1));
            }
        }
        wrong.extend(reader.end_schema().err().map(|error| format!("{file}.txt, at the end: {error}")));
    }

    /// An operator: its form for the number sort if it has one, else its only form.
    pub(super) fn op(&self, name: &str, number: &str) -> Option<&Op> {
        self.ops.get(&format!("{name}@{number}")).or_else(|| self.ops.get(name))
    }

    fn is_op(&self, name: &str) -> bool {
        ["", "@Nat", "@Int"].iter().any(|suffix| self.ops.contains_key(&format!("{name}{suffix}")))
    }

    /// The concepts, in the order of the files.
    pub(super) fn concepts(&self) -> Vec<&str> {
        let mut concepts: Vec<&str> = Vec::new();
        for schema in &self.schemas {
            if !concepts.contains(&schema.concept.as_str()) {
                concepts.push(&schema.concept);
            }
        }
        concepts
    }
}

/// What the next lines belong to.
enum Part {
    None,
    Op(String),
    Sort(String),
    Rule(String),
}

struct Reader<'a> {
    grammar: &'a mut Grammar,
    concept: String,
    schema: Option<Schema>,
    part: Part,
}

impl Reader<'_> {
    fn parse(&self, text: &str) -> Result<Expr, String> {
        expr::parse(text, &self.grammar.infixes)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "concept" => {
                self.end_schema()?;
                self.concept = rest.to_owned();
            }
            "op" => {
                let mut words = rest.split_whitespace();
                let name = words.next().ok_or("an operator without a name")?.to_owned();
                if let (Some(symbol), Some(strength)) = (words.next(), words.next()) {
                    let strength = strength.parse().map_err(|e| format!("`{strength}`: {e}"))?;
                    let op = name.split('@').next().unwrap_or(&name).to_owned();
                    let right = words.next() == Some("right");
                    if !self.grammar.infixes.iter().any(|i| i.symbol == symbol) {
                        self.grammar.infixes.push(Infix { symbol: symbol.to_owned(), op, strength, right });
                    }
                }
                if self.grammar.ops.insert(name.clone(), Op::default()).is_some() {
                    return Err(format!("the operator `{name}` is there already"));
                }
                self.part = Part::Op(name);
            }
            "sort" => {
                if self.grammar.sorts.insert(rest.to_owned(), Sort::default()).is_some() {
                    return Err(format!("the sort `{rest}` is there already"));
                }
                self.part = Part::Sort(rest.to_owned());
            }
            "rule" => {
                let rules = self.schema.as_mut().map_or(&mut self.grammar.rules, |schema| &mut schema.rules);
                if rules.insert(rest.to_owned(), Vec::new()).is_some() {
                    return Err(format!("the rule `{rest}` is there already"));
                }
                self.part = Part::Rule(rest.to_owned());
            }
            "schema" => self.begin_schema(rest)?,
            _ if word.starts_with(':') => self.production(word, rest)?,
            _ => match &self.part {
                Part::Op(_) => self.of_op(word, rest)?,
                Part::Sort(_) => self.of_sort(word, rest)?,
                _ => self.of_schema(word, rest)?,
            },
        }
        Ok(())
    }

    fn production(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let Part::Rule(name) = &self.part else { return Err("a production outside of a rule".into()) };
        let terms = rest.split(";;").map(|term| self.parse(term)).collect::<Result<Vec<_>, _>>()?;
        let only = Some(word[1..].to_owned()).filter(|only| !only.is_empty());
        let production = Production { only, terms, compound: false };
        let name = name.clone();
        let rules = self.schema.as_mut().map_or(&mut self.grammar.rules, |schema| &mut schema.rules);
        rules.entry(name).or_default().push(production);
        Ok(())
    }

    fn of_op(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let Part::Op(name) = &self.part else { return Err("no operator".into()) };
        let op = self.grammar.ops.get_mut(name).ok_or("no operator")?;
        let strong = || {
            let (strength, text) = rest.split_once(' ').ok_or("expected a strength and a template")?;
            Ok::<_, String>((strength.parse().map_err(|e| format!("`{strength}`: {e}"))?, template(text.trim())))
        };
        match word {
            "lean" => op.lean = strong()?,
            "tex" => op.tex = Some(strong()?),
            "note" => op.note = Some(rest.to_owned()),
            "say" => op.say.push(template(rest)),
            _ => return Err(format!("`{word}` is nothing an operator has")),
        }
        Ok(())
    }

    fn of_sort(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let extra = if word == "extra" { Some(self.parse(rest)?) } else { None };
        let Part::Sort(name) = &self.part else { return Err("no sort".into()) };
        let sort = self.grammar.sorts.get_mut(name).ok_or("no sort")?;
        match word {
            "lean" => sort.lean = template(rest),
            "symbol" => sort.symbol = Some(rest.to_owned()),
            "noun" => {
                let (singular, plural) = rest.split_once('|').ok_or("expected `a noun {@} | nouns {@}`")?;
                let (article, singular) = singular.trim().split_once(' ').ok_or("expected an article")?;
                sort.article = article.to_owned();
                (sort.singular, sort.plural) = (template(singular), template(plural.trim()));
            }
            "names" => {
                let names = |style: &str| style.split_whitespace().map(str::to_owned).collect();
                sort.names = rest.split('/').map(names).collect();
            }
            "implicit" => sort.implicit = true,
            "instance" => sort.instances.push(template(rest)),
            "extra" => sort.extra.extend(extra),
            _ => return Err(format!("`{word}` is nothing a sort has")),
        }
        Ok(())
    }

    fn begin_schema(&mut self, rest: &str) -> Result<(), String> {
        self.end_schema()?;
        let mut words = rest.split_whitespace().map(str::to_owned);
        let name = words.next().ok_or("a schema without a name")?;
        let base = words.next().and_then(|b| b.parse().ok()).ok_or("expected a difficulty after the name")?;
        if self.grammar.schemas.iter().any(|s| s.name == name) {
            return Err(format!("the schema `{name}` is there already"));
        }
        self.part = Part::None;
        self.schema = Some(Schema {
            name,
            concept: self.concept.clone(),
            base,
            over: words.collect(),
            variables: Vec::new(),
            rules: Rules::new(),
            hypotheses: Vec::new(),
            extra: Vec::new(),
            goal: Expr::Number(0),
            texts: Vec::new(),
            quoted: BTreeMap::new(),
        });
        Ok(())
    }

    fn of_schema(&mut self, word: &str, rest: &str) -> Result<(), String> {
        if let "var" | "fix" | "bound" = word {
            let (names, sort) = rest.split_once(" : ").ok_or("expected `names : sort`")?;
            let sort = self.parse(sort)?;
            let schema = self.schema.as_mut().ok_or("no schema")?;
            for name in names.split_whitespace() {
                let (name, sort) = (name.to_owned(), sort.clone());
                schema.variables.push(Declared { name, sort, fixed: word == "fix", bound: word == "bound" });
            }
            return Ok(());
        }
        if word == "text" {
            let quoted = quoted(rest).into_iter().map(|quote| Ok((quote.to_owned(), self.parse(quote)?)));
            let quoted = quoted.collect::<Result<Vec<_>, String>>()?;
            let schema = self.schema.as_mut().ok_or("no schema")?;
            schema.texts.push(rest.to_owned());
            schema.quoted.extend(quoted);
            return Ok(());
        }
        let prop = self.parse(rest)?;
        let schema = self.schema.as_mut().ok_or_else(|| format!("`{word}` outside of a schema"))?;
        match word {
            "hyp" => schema.hypotheses.push(Hypothesis { prop, optional: false }),
            "hyp?" => schema.hypotheses.push(Hypothesis { prop, optional: true }),
            "extra" => schema.extra.push(prop),
            "goal" => schema.goal = prop,
            _ => return Err(format!("`{word}` is nothing a schema has")),
        }
        Ok(())
    }

    fn end_schema(&mut self) -> Result<(), String> {
        self.part = Part::None;
        let Some(schema) = self.schema.take() else { return Ok(()) };
        if schema.goal == Expr::Number(0) {
            return Err(format!("the schema `{}` has no goal", schema.name));
        }
        let rule = |name: &str| schema.rules.contains_key(name) || self.grammar.rules.contains_key(name);
        let local = |name: &str| schema.variables.iter().any(|v| v.name == name) || rule(rule_of(name));
        let known = |name: &str| self.grammar.is_op(name) || local(name) || self.grammar.sorts.contains_key(name);
        let props = schema.hypotheses.iter().map(|h| &h.prop).chain(&schema.extra).chain([&schema.goal]);
        let in_rules = schema.rules.values().flatten().flat_map(|p| &p.terms);
        let sorts = schema.variables.iter().map(|v| &v.sort);
        if let Some(name) = props.chain(in_rules).chain(sorts).find_map(|e| unknown_call(e, &known)) {
            return Err(format!("the schema `{}` calls `{name}`, which is no operator", schema.name));
        }
        self.grammar.schemas.push(schema);
        Ok(())
    }
}

/// The expressions in a sentence: `{=..}`.
pub(super) fn quoted(text: &str) -> Vec<&str> {
    text.split("{=").skip(1).filter_map(|rest| rest.split_once('}')).map(|(quote, _)| quote).collect()
}

/// The rule an instance is of.
pub(super) fn rule_of(instance: &str) -> &str {
    instance.trim_end_matches('\'')
}

/// The rules an expression mentions.
fn mentions(expr: &Expr, rules: &Rules, found: &mut BTreeSet<String>) {
    let mut add = |name: &str| {
        if rules.contains_key(name) {
            found.insert(name.to_owned());
        }
    };
    match expr {
        Expr::Number(_) | Expr::Range(..) | Expr::Leaf(_) => {}
        Expr::Name(name) | Expr::Part(name, _) => add(rule_of(name)),
        Expr::Call(name, arguments) => {
            add(rule_of(name));
            arguments.iter().for_each(|a| mentions(a, rules, found));
        }
    }
}

/// Whether making an instance of `from` can need one of `to`.
fn reaches(rules: &Rules, from: &str, to: &str) -> bool {
    let (mut seen, mut pending) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(rule) = pending.pop() {
        let mut next = BTreeSet::new();
        rules[&rule].iter().flat_map(|p| &p.terms).for_each(|term| mentions(term, rules, &mut next));
        if next.contains(to) {
            return true;
        }
        pending.extend(next.into_iter().filter(|rule| seen.insert(rule.clone())));
    }
    false
}

fn unknown_call<'a>(expr: &'a Expr, known: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    match expr {
        Expr::Call(name, _) if !known(name) => Some(name),
        Expr::Call(_, arguments) => arguments.iter().find_map(|a| unknown_call(a, known)),
        Expr::Leaf(sort) => unknown_call(sort, known),
        _ => None,
    }
}
