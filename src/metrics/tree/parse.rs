//! Terms and statements to operator trees. Owns the grammar: precedence climbing that writes the tree in postorder. Must
//! accept any text: what it does not know becomes leaves. It never goes back over a token, except to repeat the type of
//! `(a b : T)` for each name, and stops at [`MAX_NODES`] nodes and, by turning what is deeper into leaves, at
//! [`MAX_DEPTH`] levels: O(tokens + `MAX_NODES`) time.

use super::build::OperatorTree;
use super::notation::{
    COMPARED, NEGATIVE, NOT, TERM, binder, closer, ends_term, infix, postfix, spelling, tight_prefix,
};
use super::tokens::{Token, tokens};
use std::collections::HashSet;

/// Nodes after which the rest of a text is not read.
pub(super) const MAX_NODES: usize = 1024;
/// Nesting below which terms are leaves.
pub(super) const MAX_DEPTH: usize = 64;

/// Reads a statement: from the first `theorem`, `lemma` or the like (or as a bare term) to `:=`.
pub(super) fn statement(text: &str) -> OperatorTree {
    let tokens = tokens(text);
    let keyword = |t: &Token| matches!(t.text, "theorem" | "lemma" | "example" | "def" | "abbrev" | "proposition");
    let start = tokens.iter().position(keyword);
    let mut parser = Parser { tokens, at: 0, depth: 0, locals: HashSet::new(), tree: OperatorTree::default() };
    match start {
        Some(keyword) => {
            parser.at = keyword + 1;
            parser.signature();
        }
        None => parser.rest(),
    }
    parser.tree.node("theorem", 0);
    parser.tree
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
    /// Names bound so far: `x.f` is a field of one of these, otherwise a name.
    locals: HashSet<&'a str>,
    tree: OperatorTree,
}

impl<'a> Parser<'a> {
    fn token(&self, ahead: usize) -> Option<Token<'a>> {
        if self.tree.size() >= MAX_NODES { None } else { self.tokens.get(self.at + ahead).copied() }
    }

    /// The next token's text, empty at the end.
    fn next(&self) -> &'a str {
        self.token(0).map_or("", |t| t.text)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.token(0).is_some_and(|t| t.text == text);
        self.at += usize::from(found);
        found
    }

    /// The next token as a leaf.
    fn leaf(&mut self) {
        if let Some(token) = self.token(0) {
            self.at += 1;
            self.tree.leaf(spelling(token.text));
        }
    }

    /// Name, universes, binders, goal: one node with the binders and the goal as children.
    fn signature(&mut self) {
        if self.token(0).is_some_and(|t| t.is_name()) {
            self.at += 1;
        }
        if self.next() == "." {
            while !matches!(self.next(), "" | "}") {
                self.at += 1;
            }
            self.at += 1;
        }
        let (first, mut binders) = (self.tree.size(), 0);
        while matches!(self.next(), "(" | "{" | "[" | "⦃") {
            binders += self.binder_group(true);
        }
        self.eat(":");
        self.rest();
        self.tree.node(&format!("{}: _", "_ ".repeat(binders)), first);
    }

    /// A term, and whatever stands after it up to `:=` as further terms and leaves.
    fn rest(&mut self) {
        while !matches!(self.next(), "" | ":=") {
            self.term_or_leaf();
        }
    }

    /// A term if one begins here, otherwise the next token as a leaf: takes at least one token.
    fn term_or_leaf(&mut self) {
        let at = self.at;
        self.term(TERM);
        if self.at == at {
            self.leaf();
        }
    }

    /// Runs a part one level deeper, or takes one token as a leaf if that is too deep.
    fn deeper(&mut self, part: impl FnOnce(&mut Self)) {
        if self.depth == MAX_DEPTH {
            return self.leaf();
        }
        self.depth += 1;
        part(self);
        self.depth -= 1;
    }

    /// A term of at least the given precedence. Takes no token if a term cannot begin here.
    fn term(&mut self, least: u8) {
        self.deeper(|p| {
            let first = p.tree.size();
            p.operand();
            while let Some(operator) = infix(p.next()).filter(|o| o.own >= least) {
                let symbol = spelling(p.next());
                p.at += 1;
                p.term(operator.right);
                let modulus = symbol == "≡" && p.next() == "[" && p.is_modulus();
                if modulus {
                    p.at += 2;
                    p.term(TERM);
                    p.eat("]");
                }
                let label = if modulus { format!("_ {symbol} _ [MOD _]") } else { format!("_ {symbol} _") };
                p.tree.node(&label, first);
            }
        });
    }

    fn is_modulus(&self) -> bool {
        self.token(1).is_some_and(|t| t.text.ends_with("MOD"))
    }

    fn operand(&mut self) {
        let first = self.tree.size();
        let (symbol, least) = match self.next() {
            "¬" => ("¬", NOT),
            "-" => ("-", NEGATIVE),
            "±" => ("±", NEGATIVE),
            _ => return self.application(),
        };
        self.at += 1;
        self.term(least);
        self.tree.node(symbol, first);
    }

    /// A head with its arguments: a name is part of the label, any other head a child.
    fn application(&mut self) {
        let first = self.tree.size();
        self.argument();
        if !self.starts_argument() {
            return;
        }
        let head = match self.tree.nodes.last() {
            Some(node) if node.first == first && (node.label == "_._" || first + 1 == self.tree.size()) => {
                self.tree.nodes.pop().map(|node| node.label)
            }
            _ => None,
        };
        let mut label = head.unwrap_or_else(|| "_".to_owned());
        while self.starts_argument() {
            let at = self.at;
            self.argument();
            if self.at == at {
                break;
            }
            label.push_str(" _");
        }
        self.tree.node(&label, first);
    }

    /// True if the next token begins an argument of an application.
    fn starts_argument(&self) -> bool {
        let Some(token) = self.token(0) else { return false };
        match token.text {
            "[" => !self.is_modulus(),
            "|" | "‖" => self.opens_bars(token),
            text if ends_term(text) || infix(text).is_some() || postfix(text) => false,
            "." | "¬" | "-" => false,
            _ => true,
        }
    }

    /// `|` and `‖` open if there is space before and none after.
    fn opens_bars(&self, token: Token) -> bool {
        token.spaced && self.token(1).is_some_and(|next| !next.spaced)
    }

    /// An atom with its fields and postfix operators.
    fn argument(&mut self) {
        let first = self.tree.size();
        self.atom();
        while let Some(token) = self.token(0) {
            if self.tree.size() == first {
                return;
            }
            match token.text.strip_prefix('.') {
                Some(field) if !token.spaced && !field.is_empty() && field != "." => {
                    self.tree.leaf(field);
                    self.tree.node("_._", first);
                }
                None if postfix(token.text) => self.tree.node(token.text, first),
                _ => return,
            }
            self.at += 1;
        }
    }

    fn atom(&mut self) {
        let Some(token) = self.token(0) else { return };
        let first = self.tree.size();
        match token.text {
            "|" | "‖" => self.bars(token.text),
            text if ends_term(text) => {}
            text if binder(text).is_some() => self.deeper(Self::binding),
            text if closer(text).is_some() => self.deeper(Self::group),
            text if tight_prefix(text) => self.deeper(|p| {
                p.at += 1;
                p.argument();
                p.tree.node(text, first);
            }),
            "let" | "have" => self.deeper(Self::definition),
            "if" => self.deeper(Self::conditional),
            _ => match token.text.split_once('.') {
                Some((local, fields)) if self.locals.contains(local) => {
                    self.tree.leaf(local);
                    for field in fields.split('.') {
                        self.tree.leaf(field);
                        self.tree.node("_._", first);
                    }
                    self.at += 1;
                }
                _ => self.leaf(),
            },
        }
    }

    /// `|x|` and `‖x‖`.
    fn bars(&mut self, bar: &str) {
        self.deeper(|p| {
            let first = p.tree.size();
            p.at += 1;
            p.term(TERM);
            p.eat(bar);
            p.tree.node(&format!("{bar}_{bar}"), first);
        });
    }

    /// A bracketed term. Parentheses around one term leave no trace; tuples, sets, lists and the like are nodes.
    fn group(&mut self) {
        let (first, open) = (self.tree.size(), self.next());
        let close = closer(open).unwrap_or_default();
        self.at += 1;
        let (mut separator, mut parts, mut after_term) = ("", 0, false);
        while self.token(0).is_some() && !self.eat(close) {
            match self.next() {
                mark @ ("," | "//" | ";" | ":=") => (self.at, separator, after_term) = (self.at + 1, mark, false),
                "|" if after_term => (self.at, separator, after_term) = (self.at + 1, "|", false),
                ":" => {
                    self.at += 1;
                    self.term(TERM);
                    self.tree.node("_ : _", first);
                }
                _ => {
                    self.term_or_leaf();
                    (parts, after_term) = (parts + 1, true);
                }
            }
        }
        if open != "(" || parts != 1 || separator == "," {
            self.tree.node(&format!("{open}{separator}{close}"), first);
        }
    }

    /// A quantifier, a function or a big operator.
    fn binding(&mut self) {
        let (first, symbol) = (self.tree.size(), self.next());
        self.at += 1;
        self.variables(symbol);
        while !matches!(self.next(), "" | ":=") {
            if matches!(self.next(), "," | "=>" | "↦") {
                self.at += 1;
                self.term(binder(symbol).unwrap_or(TERM));
                break;
            }
            if ends_term(self.next()) {
                break;
            }
            self.leaf();
        }
        self.tree.node(spelling(symbol), first);
    }

    /// What stands between a binding symbol and its comma: names, groups, types, bounds.
    fn variables(&mut self, binder: &str) {
        let first = self.tree.size();
        while let Some(token) = self.token(0) {
            let start = self.tree.size();
            match token.text {
                "(" | "{" | "[" | "⦃" => {
                    self.binder_group(false);
                }
                "⟨" => self.deeper(Self::group),
                ":" => {
                    self.at += 1;
                    self.term(TERM);
                    self.tree.node("_ : _", first);
                }
                "in" | "with" => {
                    self.at += 1;
                    self.term(TERM);
                    // `∑ i in s` is the older spelling of `∑ i ∈ s`; an integral's `in` is another thing.
                    let old = token.text == "in" && binder.starts_with(['∑', '∏']);
                    self.tree.node(if old { "∈" } else { token.text }, start);
                }
                symbol if infix(symbol).is_some_and(|i| i.own + 1 == COMPARED) => {
                    self.at += 1;
                    self.term(COMPARED);
                    self.tree.node(spelling(symbol), start);
                }
                name if token.is_name() => {
                    self.locals.insert(name);
                    self.leaf();
                }
                _ => return,
            }
        }
    }

    /// `(a b : T)` and its kin, which it returns the number of: in a signature, every name of a round bracket has its own.
    fn binder_group(&mut self, expand: bool) -> usize {
        let (first, open) = (self.tree.size(), self.next());
        let close = closer(open).unwrap_or_default();
        self.at += 1;
        let names = self.tokens[self.at..].iter().take_while(|t| t.is_name()).count();
        let typed = self.token(names).is_some_and(|t| t.text == ":");
        let label = match open {
            "(" => "_ : _",
            "{" => "{_ : _}",
            "⦃" => "⦃_ : _⦄",
            _ => "[]",
        };
        if !typed {
            self.inside(close);
            self.tree.node(label, first);
            return 1;
        }
        let start = self.at;
        let names: Vec<&'a str> = self.tokens[start..start + names].iter().map(|t| t.text).collect();
        self.locals.extend(&names);
        let together = if expand && open == "(" { 1 } else { names.len().max(1) };
        let mut groups = 0;
        for part in names.chunks(together) {
            let first = self.tree.size();
            if groups > 0 && self.tree.size() >= MAX_NODES {
                break;
            }
            part.iter().for_each(|name| self.tree.leaf(name));
            self.at = start + names.len() + 1;
            self.inside(close);
            self.tree.node(label, first);
            groups += 1;
        }
        if names.is_empty() {
            self.at = start + 1;
            self.inside(close);
            self.tree.node(label, first);
        }
        groups.max(1)
    }

    /// Terms and leaves up to a closing bracket, which it takes.
    fn inside(&mut self, close: &str) {
        while self.token(0).is_some() && !self.eat(close) {
            self.term_or_leaf();
        }
    }

    /// `let x : T := v; body`.
    fn definition(&mut self) {
        let (first, symbol) = (self.tree.size(), self.next());
        self.at += 1;
        self.variables(symbol);
        if self.eat(":=") {
            self.term(TERM);
        }
        self.eat(";");
        self.term(TERM);
        self.tree.node(symbol, first);
    }

    /// `if c then a else b`.
    fn conditional(&mut self) {
        let first = self.tree.size();
        self.at += 1;
        for keyword in ["then", "else", ""] {
            self.term(TERM);
            if !self.eat(keyword) {
                break;
            }
        }
        self.tree.node("if", first);
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
