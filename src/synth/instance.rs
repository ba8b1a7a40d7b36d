//! From a schema to a statement: variables, numerals and terms are chosen, hypotheses that matter are kept. Owns what the
//! names in a schema mean; writes nothing down (`render`, `phrase`).

use super::expr::Expr;
use super::grammar::{Grammar, Production, Schema, rule_of};
use super::prng::Prng;
use super::template::{letters, letters_between_dollars, literal};
use std::collections::{BTreeMap, BTreeSet};

/// A term, a proposition or a sort, with everything chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Number(u64),
    Variable(usize),
    Call(String, Vec<Term>),
    Apply(usize, Vec<Term>),
}

/// A variable of a statement.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub name: String,
    pub sort: Term,
    pub bound: bool,
}

/// A statement.
#[derive(Clone, Debug)]
pub(super) struct Statement<'g> {
    pub schema: &'g Schema,
    /// What `N` stands for.
    pub number: String,
    pub variables: Vec<Variable>,
    /// The free variables that are used, in groups of one sort, in the order of their binders.
    pub groups: Vec<Vec<usize>>,
    pub hypotheses: Vec<Term>,
    pub goal: Term,
    pub quoted: BTreeMap<String, Term>,
    /// 1 to 3.
    pub difficulty: usize,
    /// Has a condition that the goal does not need.
    pub distractor: bool,
}

/// Deepest composition.
const DEPTHS: [usize; 6] = [0, 1, 1, 1, 2, 2];

/// Draws of a term for one that is not clumsy.
const REDRAWS: usize = 5;

/// Variables of one statement, beyond which no new ones are taken.
const MOST_VARIABLES: usize = 7;

/// Uses of rules in one statement, beyond which the grammar is wrong.
const MOST_EXPANSIONS: usize = 10_000;

/// One statement in so many has a harmless condition on its variables, and one in so many a variable it does not need.
const EXTRA_ONE_IN: usize = 6;

/// An instance of `schema`; a plain one composes nothing.
pub(super) fn instantiate<'g>(
    grammar: &'g Grammar,
    schema: &'g Schema,
    plain: bool,
    prng: &mut Prng,
) -> Result<Statement<'g>, String> {
    for _ in 1..REDRAWS {
        let statement = instantiate_once(grammar, schema, plain, prng)?;
        if !statement.is_empty_of_content() {
            return Ok(statement);
        }
    }
    instantiate_once(grammar, schema, plain, prng)
}

impl Statement<'_> {
    /// The goal is assumed, or says the same twice, or contradicts a condition.
    pub(super) fn is_empty_of_content(&self) -> bool {
        let same = |op: &str, other: &str, left: &Term, right: &Term| matches!((left, right), (Term::Call(l, a), Term::Call(r, b)) if l == op && r == other && a == b);
        let contradicted = |h: &Term| same("ne", "eq", h, &self.goal) || same("eq", "ne", h, &self.goal);
        let repeated = self.hypotheses.iter().enumerate().any(|(i, h)| self.hypotheses[..i].contains(h));
        let twice = |term: &Term| matches!(term, Term::Call(_, a) if a.len() == 2 && a[0] == a[1]);
        repeated
            || twice(&self.goal)
            || self.hypotheses.iter().any(twice)
            || self.hypotheses.iter().any(|h| *h == self.goal || contradicted(h))
    }
}

fn instantiate_once<'g>(
    grammar: &'g Grammar,
    schema: &'g Schema,
    plain: bool,
    prng: &mut Prng,
) -> Result<Statement<'g>, String> {
    let number = if schema.over.is_empty() { String::new() } else { prng.choose(&schema.over).clone() };
    let depth = if plain { 0 } else { *prng.choose(&DEPTHS) };
    let mut maker = Maker {
        grammar,
        schema,
        number,
        prng,
        variables: Vec::new(),
        weight: 0,
        expansions: 0,
        sort_names: BTreeMap::new(),
    };
    let wrong = |e: String| format!("schema {}: {e}", schema.name);
    maker.declare().map_err(wrong)?;
    let mut scope = Scope { instances: BTreeMap::new(), depth, fresh: None };
    let goal = maker.term(&schema.goal, &mut scope).map_err(wrong)?;
    let mut used = BTreeSet::new();
    maker.used_in(&goal, &mut used);
    let mut hypotheses = Vec::new();
    for hypothesis in &schema.hypotheses {
        let prop = maker.term(&hypothesis.prop, &mut scope).map_err(wrong)?;
        let mut own = BTreeSet::new();
        maker.used_in(&prop, &mut own);
        if !hypothesis.optional || own.iter().all(|v| used.contains(v) || maker.variables[*v].bound) {
            hypotheses.push(prop);
        }
    }
    let conditions = hypotheses.len();
    maker.distract(&mut hypotheses, &mut scope).map_err(wrong)?;
    let quoted = schema.quoted.iter().map(|(text, expr)| Ok((text.clone(), maker.term(expr, &mut scope)?)));
    let quoted = quoted.collect::<Result<BTreeMap<_, _>, String>>().map_err(wrong)?;
    used = BTreeSet::new();
    for term in hypotheses.iter().chain([&goal]) {
        maker.used_in(term, &mut used);
    }
    let difficulty = (schema.base + usize::from(maker.weight >= 2) + usize::from(maker.weight >= 4)).min(3);
    let mut taken = BTreeSet::new();
    hypotheses.iter().chain([&goal]).for_each(|term| maker.taken_in(term, &mut taken));
    maker.name(&used, taken)?;
    let groups = maker.groups(&used);
    let Maker { number, variables, .. } = maker;
    let distractor = hypotheses.len() > conditions;
    Ok(Statement { schema, number, variables, groups, hypotheses, goal, quoted, difficulty, distractor })
}

/// What instances there are at one place, and how deep new ones may be.
struct Scope {
    instances: BTreeMap<String, Vec<Term>>,
    depth: usize,
    /// What `_` stands for.
    fresh: Option<usize>,
}

struct Maker<'a, 'g> {
    grammar: &'g Grammar,
    schema: &'g Schema,
    number: String,
    prng: &'a mut Prng,
    variables: Vec<Variable>,
    weight: usize,
    expansions: usize,
    /// The list of names each sort takes its names from.
    sort_names: BTreeMap<String, usize>,
}

impl<'g> Maker<'_, 'g> {
    fn declare(&mut self) -> Result<(), String> {
        let schema = self.schema;
        for declared in &schema.variables {
            let sort = self.sort(&declared.sort)?;
            let name = if declared.fixed { declared.name.clone() } else { String::new() };
            self.variables.push(Variable { name, sort, bound: declared.bound });
        }
        Ok(())
    }

    fn declared(&self, name: &str) -> Option<usize> {
        self.schema.variables.iter().position(|v| v.name == name).filter(|at| *at < self.variables.len())
    }

    fn sort(&mut self, expr: &Expr) -> Result<Term, String> {
        match expr {
            Expr::Name(name) if name == "N" => Ok(Term::Call(self.number.clone(), vec![])),
            Expr::Name(name) => match self.declared(name) {
                Some(variable) => Ok(Term::Variable(variable)),
                None if self.grammar.sorts.contains_key(name) => Ok(Term::Call(name.clone(), vec![])),
                None => Err(format!("no sort `{name}`")),
            },
            Expr::Call(name, arguments) if self.grammar.sorts.contains_key(name) => {
                let arguments = arguments.iter().map(|a| self.sort(a)).collect::<Result<_, _>>()?;
                Ok(Term::Call(name.clone(), arguments))
            }
            other => Err(format!("no sort: {other:?}")),
        }
    }

    fn term(&mut self, expr: &Expr, scope: &mut Scope) -> Result<Term, String> {
        match expr {
            Expr::Number(n) => Ok(Term::Number(*n)),
            Expr::Range(low, high) => Ok(Term::Number(low + self.prng.below((high - low + 1) as usize) as u64)),
            Expr::Leaf(sort) => {
                let sort = self.sort(sort)?;
                Ok(Term::Variable(self.leaf(sort)))
            }
            Expr::Part(instance, part) => self.part(instance, *part, scope),
            Expr::Name(name) => {
                if name == "_"
                    && let Some(fresh) = scope.fresh
                {
                    return Ok(Term::Variable(fresh));
                }
                if let Some(variable) = self.declared(name) {
                    return Ok(Term::Variable(variable));
                }
                if self.rule(rule_of(name)).is_some() {
                    return self.part(name, 0, scope);
                }
                match name.as_str() {
                    "N" => Ok(Term::Call(self.number.clone(), vec![])),
                    _ => Ok(Term::Call(name.clone(), vec![])),
                }
            }
            Expr::Call(name, arguments) => {
                let function = match self.declared(name) {
                    Some(variable) => Some(variable),
                    None if self.rule(rule_of(name)).is_some() => match self.part(name, 0, scope)? {
                        Term::Variable(variable) => Some(variable),
                        other => return Err(format!("`{name}` is to be applied, but is {other:?}")),
                    },
                    None => None,
                };
                let arguments = arguments.iter().map(|a| self.term(a, scope)).collect::<Result<_, _>>()?;
                Ok(match function {
                    Some(function) => Term::Apply(function, arguments),
                    None => Term::Call(name.clone(), arguments),
                })
            }
        }
    }

    fn rule(&self, name: &str) -> Option<&'g Vec<Production>> {
        self.schema.rules.get(name).or_else(|| self.grammar.rules.get(name))
    }

    /// A component of an instance, which is made if there is none yet.
    fn part(&mut self, instance: &str, part: usize, scope: &mut Scope) -> Result<Term, String> {
        if !scope.instances.contains_key(instance) {
            let rule = rule_of(instance);
            let others: Vec<&Vec<Term>> =
                scope.instances.iter().filter(|(other, _)| rule_of(other) == rule).map(|(_, terms)| terms).collect();
            let terms = self.expand(rule, scope.depth, &others)?;
            scope.instances.insert(instance.to_owned(), terms);
        }
        let terms = &scope.instances[instance];
        terms.get(part).cloned().ok_or_else(|| format!("`{instance}` has no part {}", part + 1))
    }

    /// Terms by a rule: different from those there are, and readable, if a few draws suffice.
    fn expand(&mut self, rule: &str, depth: usize, others: &[&Vec<Term>]) -> Result<Vec<Term>, String> {
        let (variables, weight) = (self.variables.len(), self.weight);
        for _ in 1..REDRAWS {
            let terms = self.expand_once(rule, depth)?;
            if !others.contains(&&terms) && !terms.iter().any(is_clumsy) {
                return Ok(terms);
            }
            self.variables.truncate(variables);
            self.weight = weight;
        }
        self.expand_once(rule, depth)
    }

    fn expand_once(&mut self, rule: &str, depth: usize) -> Result<Vec<Term>, String> {
        let productions = self.rule(rule).ok_or_else(|| format!("no rule `{rule}`"))?;
        self.expansions += 1;
        if self.expansions > MOST_EXPANSIONS {
            return Err(format!("the rule `{rule}` does not come to an end"));
        }
        let fits = |p: &&Production| p.only.as_ref().is_none_or(|only| *only == self.number);
        let (compound, simple): (Vec<_>, Vec<_>) = productions.iter().filter(fits).partition(|p| p.compound);
        let take_compound = match (compound.is_empty(), simple.is_empty()) {
            (true, true) => return Err(format!("the rule `{rule}` has nothing for `{}`", self.number)),
            (true, false) => false,
            (false, true) => true,
            (false, false) => depth > 0 && self.prng.chance(if depth > 1 { 9 } else { 5 }, 10),
        };
        let production = *self.prng.choose(if take_compound { &compound } else { &simple });
        let mut scope = Scope { instances: BTreeMap::new(), depth: depth.saturating_sub(1), fresh: None };
        let terms = production.terms.iter().map(|e| self.term(e, &mut scope)).collect::<Result<Vec<_>, _>>()?;
        let plain = |t: &Term| {
            matches!(t, Term::Variable(_) | Term::Number(_)) || matches!(t, Term::Call(_, a) if a.is_empty())
        };
        self.weight += usize::from(!terms.iter().all(plain));
        Ok(terms)
    }

    /// A free variable of a sort.
    fn leaf(&mut self, sort: Term) -> usize {
        let same: Vec<usize> = (0..self.variables.len())
            .filter(|v| !self.variables[*v].bound && self.variables[*v].sort == sort)
            .collect();
        let full = self.variables.len() >= MOST_VARIABLES;
        if !same.is_empty() && (full || self.prng.chance(6, 10)) {
            return *self.prng.choose(&same);
        }
        self.variables.push(Variable { name: String::new(), sort, bound: false });
        self.variables.len() - 1
    }

    /// Adds harmless conditions.
    fn distract(&mut self, hypotheses: &mut Vec<Term>, scope: &mut Scope) -> Result<(), String> {
        let schema = self.schema;
        if !schema.extra.is_empty() && self.prng.chance(1, EXTRA_ONE_IN) {
            let extra = self.prng.choose(&schema.extra).clone();
            let extra = self.term(&extra, scope)?;
            if !hypotheses.contains(&extra) {
                hypotheses.push(extra);
            }
        } else if self.prng.chance(1, EXTRA_ONE_IN) {
            let sorts: Vec<Term> = self.variables.iter().filter(|v| !v.bound).map(|v| v.sort.clone()).collect();
            let sort = if sorts.is_empty() { return Ok(()) } else { self.prng.choose(&sorts).clone() };
            let Term::Call(name, _) = &sort else { return Ok(()) };
            let Some(known) = self.grammar.sorts.get(name).filter(|known| !known.extra.is_empty()) else {
                return Ok(());
            };
            self.variables.push(Variable { name: String::new(), sort, bound: false });
            let mut scope = Scope { instances: BTreeMap::new(), depth: 0, fresh: Some(self.variables.len() - 1) };
            let extra = self.prng.choose(&known.extra);
            hypotheses.push(self.term(extra, &mut scope)?);
        }
        Ok(())
    }

    /// The variables of a term, and those their sorts mention.
    fn used_in(&self, term: &Term, used: &mut BTreeSet<usize>) {
        let mut add = |variable: usize| {
            if used.insert(variable) {
                self.used_in(&self.variables[variable].sort, used);
            }
        };
        match term {
            Term::Number(_) => {}
            Term::Variable(variable) => add(*variable),
            Term::Call(_, arguments) => arguments.iter().for_each(|a| self.used_in(a, used)),
            Term::Apply(function, arguments) => {
                add(*function);
                arguments.iter().for_each(|a| self.used_in(a, used));
            }
        }
    }

    /// The letters that the formula of a term has for other things: `F` of the Fibonacci numbers.
    fn taken_in(&self, term: &Term, taken: &mut BTreeSet<String>) {
        let (Term::Call(_, arguments) | Term::Apply(_, arguments)) = term else { return };
        if let Term::Call(name, _) = term
            && let Some(op) = self.grammar.op(name, &self.number)
        {
            taken.extend(op.tex.iter().flat_map(|(_, tex)| letters(tex)));
            taken.extend(op.say.iter().flat_map(|say| letters_between_dollars(&literal(say))));
        }
        arguments.iter().for_each(|a| self.taken_in(a, taken));
    }

    /// Gives the used variables their names.
    fn name(&mut self, used: &BTreeSet<usize>, mut taken: BTreeSet<String>) -> Result<(), String> {
        taken.extend(self.variables.iter().map(|v| v.name.clone()));
        for variable in used {
            if !self.variables[*variable].name.is_empty() {
                continue;
            }
            let Term::Call(name, _) = self.variables[*variable].sort.clone() else {
                return Err("a sort is a call".into());
            };
            let sort = self.grammar.sorts.get(&name).ok_or_else(|| format!("no sort `{name}`"))?;
            if sort.names.is_empty() {
                return Err(format!("the sort `{name}` has no names"));
            }
            let style = match self.sort_names.get(&name) {
                Some(style) => *style,
                None => self.prng.below(sort.names.len()),
            };
            self.sort_names.insert(name, style);
            let others = (0..sort.names.len()).map(|i| &sort.names[(style + i) % sort.names.len()]);
            let free = others.flatten().find(|name| !taken.contains(*name));
            // Names with numbers when the lists are used up.
            let numbered = (1..).map(|n| format!("{}{n}", sort.names[style][0])).find(|name| !taken.contains(name));
            let free = free.cloned().or(numbered).ok_or("there are more variables than names")?;
            taken.insert(free.clone());
            self.variables[*variable].name = free;
        }
        Ok(())
    }

    /// The free variables that are used, those of one sort together.
    fn groups(&self, used: &BTreeSet<usize>) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for variable in used.iter().copied().filter(|v| !self.variables[*v].bound) {
            let sort = &self.variables[variable].sort;
            match groups.iter_mut().find(|group| self.variables[group[0]].sort == *sort) {
                Some(group) => group.push(variable),
                None => groups.push(vec![variable]),
            }
        }
        groups
    }
}

/// What nobody would write: an operation on a term and itself, numerals multiplied one by one, powers of powers, a number
/// times its own power.
fn is_clumsy(term: &Term) -> bool {
    let Term::Call(name, arguments) = term else { return false };
    let [left, right] = &arguments[..] else { return false };
    let nested = |inner: &Term, op: &str| matches!(inner, Term::Call(other, _) if name == op && other == op);
    let numeral = |term: &Term| matches!(term, Term::Number(_));
    let scaled = |term: &Term| matches!(term, Term::Call(_, a) if a.first().is_some_and(numeral));
    let base = |term: &Term| matches!(term, Term::Call(op, a) if op == "pow" && (a[0] == *left || a[0] == *right));
    let power = name == "mul" && (base(left) || base(right));
    let powers = nested(left, "pow") || nested(left, "spow");
    left == right || power || powers || (nested(right, "mul") && numeral(left) && scaled(right))
}
