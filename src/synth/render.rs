//! Writes terms: in Lean, as formulas and as clauses of sentences, from the same term by the operator's templates. Owns
//! parentheses and product signs; knows no sentences (`phrase`).

use super::grammar::{Grammar, Op, Sort};
use super::instance::{Statement, Term};
use super::prng::Prng;
use super::template::{Piece, Template};

/// Strength of what never needs parentheses.
const ATOM: u32 = 1024;
/// Strength of a function with its arguments in Lean.
const APPLICATION: u32 = 1023;
/// Stands where a formula is asked of what has none.
pub(super) const NO_FORMULA: &str = "\\noformula";
/// Longest line of the formal statements.
const WIDTH: usize = 100;

/// Writes the parts of one statement.
pub(super) struct Render<'a> {
    pub grammar: &'a Grammar,
    pub statement: &'a Statement<'a>,
    /// Variables are `v0`, `v1`, .. instead of their names: the form in which statements are compared.
    pub nameless: bool,
}

impl<'a> Render<'a> {
    fn op(&self, name: &str) -> &'a Op {
        match self.grammar.op(name, &self.statement.number) {
            Some(op) => op,
            None => panic!("schema {}: no operator `{name}`", self.statement.schema.name),
        }
    }

    fn sort(&self, term: &Term) -> Option<(&'a Sort, Vec<Term>)> {
        match term {
            Term::Call(name, arguments) => Some((self.grammar.sorts.get(name)?, arguments.clone())),
            _ => None,
        }
    }

    /// The name of a variable.
    pub(super) fn name(&self, variable: usize) -> String {
        if !self.nameless {
            return self.statement.variables[variable].name.clone();
        }
        let place = self.statement.groups.iter().flatten().position(|v| *v == variable);
        place.map_or_else(|| format!("w{variable}"), |place| format!("v{place}"))
    }

    /// The name of a variable in formulas: `x_1` for `x1`.
    pub(super) fn tex_name(&self, variable: usize) -> String {
        let name = self.name(variable);
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.len() == name.len() { name } else { format!("{letters}_{{{}}}", &name[letters.len()..]) }
    }

    /// A term in Lean, in parentheses if it is weaker than `least`.
    pub(super) fn lean(&self, term: &Term, least: u32) -> String {
        let (strength, text) = match term {
            Term::Number(n) => (ATOM, n.to_string()),
            Term::Variable(variable) => (ATOM, self.name(*variable)),
            Term::Apply(function, arguments) => {
                let arguments = arguments.iter().map(|a| format!(" {}", self.lean(a, ATOM)));
                (APPLICATION, self.name(*function) + &arguments.collect::<String>())
            }
            Term::Call(name, arguments) => match self.sort(term) {
                Some((sort, arguments)) => {
                    let text = self.fill(&sort.lean, &arguments, &|t, least| self.lean(t, least));
                    let strength = if text.contains('→') { 25 } else { ATOM - u32::from(text.contains(' ')) };
                    (strength, text)
                }
                None => {
                    let (strength, template) = &self.op(name).lean;
                    (*strength, self.fill(template, arguments, &|t, least| self.lean(t, least)))
                }
            },
        };
        if strength < least { format!("({text})") } else { text }
    }

    /// A term as a formula, in parentheses if it is weaker than `least`.
    pub(super) fn tex(&self, term: &Term, least: u32) -> String {
        let (strength, text) = match term {
            Term::Number(n) => (ATOM, n.to_string()),
            Term::Variable(variable) => (ATOM, self.tex_name(*variable)),
            Term::Apply(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|a| self.tex(a, 0)).collect();
                (ATOM, format!("{}({})", self.tex_name(*function), arguments.join(", ")))
            }
            Term::Call(name, arguments) if !self.grammar.sorts.contains_key(name) => match &self.op(name).tex {
                Some((strength, template)) => {
                    // What is added to a sum is not a part of its terms.
                    let closed = match &arguments[..] {
                        [sum, other] if is_sum(sum) && !is_sum(other) && (name == "add" || name == "sub") => Some(sum),
                        _ => None,
                    };
                    let least = |t: &Term, least| if closed == Some(t) { ATOM } else { least };
                    (*strength, self.fill(template, arguments, &|t, strength| self.tex(t, least(t, strength))))
                }
                // A mistake of the grammar, which the tests look for.
                None => (ATOM, format!("{NO_FORMULA}{{{name}}}")),
            },
            Term::Call(name, _) => {
                let symbol = self.grammar.sorts.get(name).and_then(|sort| sort.symbol.clone());
                (ATOM, symbol.unwrap_or_else(|| self.lean(term, 0)))
            }
        };
        if strength < least { format!("({text})") } else { text }
    }

    /// A term as a formula by itself.
    pub(super) fn formula(&self, term: &Term) -> String {
        tidy(&self.tex(term, 0))
    }

    pub(super) fn has_tex(&self, term: &Term) -> bool {
        match term {
            Term::Call(name, arguments) if !self.grammar.sorts.contains_key(name) => {
                self.op(name).tex.is_some() && arguments.iter().all(|a| self.has_tex(a))
            }
            _ => true,
        }
    }

    /// Whether the clause of a proposition has clauses in it.
    pub(super) fn is_compound(&self, term: &Term) -> bool {
        let Term::Call(name, _) = term else { return false };
        self.op(name).say.iter().flatten().any(|piece| matches!(piece, Piece::Clause(_)))
    }

    /// A proposition as a clause, in one of its wordings.
    pub(super) fn clause(&self, term: &Term, prng: &mut Prng) -> String {
        let say: &[Template] = match term {
            Term::Call(name, _) => &self.op(name).say,
            _ => &[],
        };
        let formula = usize::from(self.has_tex(term));
        let choice = prng.below((say.len() + formula).max(1));
        let Term::Call(_, arguments) = term else { return format!("${}$", tidy(&self.tex(term, 0))) };
        match say.get(choice) {
            None => format!("${}$", tidy(&self.tex(term, 0))),
            Some(template) => {
                let pieces = template.iter().map(|piece| match piece {
                    Piece::Clause(place) => self.clause(&arguments[*place], prng),
                    _ => self.fill(std::slice::from_ref(piece), arguments, &|t, least| tidy(&self.tex(t, least))),
                });
                pieces.collect()
            }
        }
    }

    fn fill(&self, template: &[Piece], arguments: &[Term], write: &dyn Fn(&Term, u32) -> String) -> String {
        let mut text = String::new();
        let mut times = false;
        for piece in template {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Number => text.push_str(&self.statement.number),
                Piece::Times => times = true,
                Piece::Argument(place, least) => {
                    let Some(argument) = arguments.get(*place) else {
                        panic!("schema {}: {template:?} lacks arguments", self.statement.schema.name)
                    };
                    let argument = write(argument, *least);
                    if std::mem::take(&mut times) {
                        text.push_str(product_sign(&text, &argument));
                    }
                    // `||` is an operator of its own.
                    let bars = text.ends_with('|') && (argument.starts_with('|') || argument.ends_with('|'));
                    text.push_str(&if bars { format!("({argument})") } else { argument });
                }
                Piece::Clause(_) | Piece::Variables => panic!("{template:?} is no template of terms"),
            }
        }
        text
    }

    /// A noun of a sort: singular or plural, with the names of variables or without.
    pub(super) fn noun(&self, sort: &Term, plural: bool, variables: Option<&str>) -> String {
        let Some((sort, arguments)) = self.sort(sort) else { return String::new() };
        let template = if plural { &sort.plural } else { &sort.singular };
        let pieces = template.iter().map(|piece| match piece {
            Piece::Variables => variables.unwrap_or_default().to_owned(),
            _ => self.fill(std::slice::from_ref(piece), &arguments, &|t, least| tidy(&self.tex(t, least))),
        });
        pieces.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What explains the formulas of the statement, without repetitions.
    pub(super) fn notes(&self) -> Vec<&'a str> {
        let mut notes = Vec::new();
        for term in self.statement.hypotheses.iter().chain([&self.statement.goal]) {
            self.notes_of(term, &mut notes);
        }
        notes
    }

    fn notes_of(&self, term: &Term, notes: &mut Vec<&'a str>) {
        let (Term::Call(_, arguments) | Term::Apply(_, arguments)) = term else { return };
        if let Term::Call(name, _) = term
            && !self.grammar.sorts.contains_key(name)
            && let Some(note) = self.op(name).note.as_deref().filter(|note| !notes.contains(note))
        {
            notes.push(note);
        }
        arguments.iter().for_each(|a| self.notes_of(a, notes));
    }

    /// The article of a sort's noun.
    pub(super) fn article(&self, sort: &Term) -> &'a str {
        self.sort(sort).map_or("a", |(sort, _)| sort.article.as_str())
    }

    /// The theorem, without proof, in lines of at most [`WIDTH`] characters where that is possible.
    pub(super) fn theorem(&self, id: &str) -> String {
        let mut pieces = self.binders();
        let many = self.statement.hypotheses.len() > 1;
        let taken = self.statement.groups.iter().flatten().any(|v| self.name(*v) == "h");
        for (i, hypothesis) in self.statement.hypotheses.iter().enumerate() {
            let number = if many || taken { (i + 1).to_string() } else { String::new() };
            pieces.push(format!("(h{number} : {})", self.lean(hypothesis, 0)));
        }
        match pieces.last_mut() {
            Some(last) => last.push_str(" :"),
            None => pieces.push(":".to_owned()),
        }
        pieces.push(format!("{} := by", self.lean(&self.statement.goal, 0)));
        let mut text = format!("theorem {id}");
        let mut width = text.chars().count();
        for piece in pieces {
            let length = piece.chars().count();
            if width + 1 + length > WIDTH {
                text.push_str("\n   ");
                width = 3;
            }
            text.push(' ');
            text.push_str(&piece);
            width += 1 + length;
        }
        text + "\n  sorry"
    }

    fn binders(&self) -> Vec<String> {
        let mut binders = Vec::new();
        for group in &self.statement.groups {
            let sort_term = &self.statement.variables[group[0]].sort;
            let Some((sort, _)) = self.sort(sort_term) else { continue };
            let names: Vec<_> = group.iter().map(|v| self.name(*v)).collect();
            let (open, close) = if sort.implicit { ('{', '}') } else { ('(', ')') };
            binders.push(format!("{open}{} : {}{close}", names.join(" "), self.lean(sort_term, 0)));
            for (name, instance) in names.iter().flat_map(|name| sort.instances.iter().map(move |i| (name, i))) {
                let pieces = instance.iter().map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    _ => name.clone(),
                });
                binders.push(format!("[{}]", pieces.collect::<String>()));
            }
        }
        binders
    }
}

fn is_sum(term: &Term) -> bool {
    matches!(term, Term::Call(name, _) if name.starts_with("sum"))
}

/// What stands between two factors.
fn product_sign(left: &str, right: &str) -> &'static str {
    let command = || left.rfind('\\').is_some_and(|at| left[at + 1..].chars().all(|c| c.is_ascii_alphabetic()));
    if right.starts_with(|c: char| c.is_ascii_digit()) || left.ends_with('!') || left.ends_with(&right[..1]) {
        " \\cdot "
    } else if right.starts_with(|c: char| c.is_ascii_alphabetic()) && command() {
        " "
    } else {
        ""
    }
}

/// `x^2` for `x^{2}`, and the same for indices.
pub(super) fn tidy(formula: &str) -> String {
    let mut text = String::new();
    let mut rest = formula;
    while let Some(at) = rest.find(['^', '_']) {
        let (before, after) = rest.split_at(at + 1);
        text.push_str(before);
        rest = after;
        let mut inner = after.chars();
        if let (Some('{'), Some(single), Some('}')) = (inner.next(), inner.next(), inner.next())
            && single.is_ascii_alphanumeric()
        {
            text.push(single);
            rest = &after[3..];
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_written_as_people_do() {
        assert_eq!(tidy("x^{2} + y^{10} + a_{n}^{k} + 2^"), "x^2 + y^{10} + a_n^k + 2^");
        assert_eq!(product_sign("2", "a"), "");
        assert_eq!(product_sign("a", "2"), " \\cdot ");
        assert_eq!(product_sign("\\alpha", "b"), " ");
        assert_eq!(product_sign("\\alpha b", "b"), " \\cdot ");
        assert_eq!(product_sign("\\alpha b", "c"), "");
    }
}
