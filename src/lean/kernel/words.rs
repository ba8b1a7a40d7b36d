//! Constants written down in a few characters, for tests. Owns a small notation for terms and the changes a forgery
//! makes.
//!
//! ```text
//! #0                      a bound variable            Prop  Type  Sort.{u+1}    sorts
//! Eq.{1,u}                a constant at levels        5  "text"                 literals
//! (f a b)                 applications                (. Prod 0 p)              a projection
//! (fun T b) (pi T b)      binders                     (let T v b)
//! ```

use super::{
    Binder, BinderInfo, Constant, Constants, Expr, ExprId, Hints, Kind, Level, LevelId, Name, NameId, Rule, Safety,
    Signature, Terms,
};

/// The constants a test works on.
#[derive(Default)]
pub struct Words {
    pub terms: Terms,
    pub constants: Constants,
}

impl Words {
    /// A name of components between dots.
    pub fn name(&mut self, text: &str) -> NameId {
        dotted(&mut self.terms, text)
    }

    fn names(&mut self, text: &str) -> Vec<NameId> {
        text.split_whitespace().map(|name| self.name(name)).collect()
    }

    /// A term in the notation above.
    pub fn expr(&mut self, text: &str) -> ExprId {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let mut tokens = spaced.split_whitespace();
        let expr = self.term(&mut tokens);
        assert_eq!(tokens.next(), None, "the term ends: {text}");
        expr
    }

    fn term<'a>(&mut self, tokens: &mut impl Iterator<Item = &'a str>) -> ExprId {
        let token = tokens.next().expect("a term");
        self.term_from(token, tokens)
    }

    fn term_from<'a>(&mut self, token: &str, tokens: &mut impl Iterator<Item = &'a str>) -> ExprId {
        if token != "(" {
            return self.atom(token);
        }
        let head = tokens.next().expect("a head");
        let made = match head {
            "fun" | "pi" => {
                let name = self.name("x");
                let binder =
                    Binder { name, info: BinderInfo::Explicit, ty: self.term(tokens), body: self.term(tokens) };
                if head == "fun" { Expr::Lambda(binder) } else { Expr::Pi(binder) }
            }
            "let" => {
                let name = self.name("x");
                Expr::Let { name, ty: self.term(tokens), value: self.term(tokens), body: self.term(tokens) }
            }
            "." => {
                let structure = self.name(tokens.next().expect("a structure"));
                let index = tokens.next().and_then(|t| t.parse().ok()).expect("an index");
                Expr::Proj { structure, index, value: self.term(tokens) }
            }
            _ => {
                let mut made = self.term_from(head, tokens);
                loop {
                    match tokens.next().expect("a bracket is closed") {
                        ")" => return made,
                        token => {
                            let argument = self.term_from(token, tokens);
                            made = self.terms.expr(Expr::App(made, argument));
                        }
                    }
                }
            }
        };
        assert_eq!(tokens.next(), Some(")"), "a bracket is closed");
        self.terms.expr(made)
    }

    fn atom(&mut self, token: &str) -> ExprId {
        let expr = match (token, token.strip_prefix('#'), token.split_once(".{")) {
            ("Prop", ..) => Expr::Sort(self.level("0")),
            ("Type", ..) => Expr::Sort(self.level("1")),
            (_, Some(index), _) => Expr::Bound(index.parse().expect("an index")),
            (_, _, Some(("Sort", level))) => Expr::Sort(self.level(level.trim_end_matches('}'))),
            (_, _, Some((name, levels))) => {
                let levels = levels.trim_end_matches('}').split(',').map(|l| self.level(l)).collect();
                Expr::Const(self.name(name), levels)
            }
            _ if token.starts_with('"') => Expr::Str(token.trim_matches('"').into()),
            _ => match token.parse::<u32>() {
                Ok(0) => Expr::Nat([].into()),
                Ok(number) => Expr::Nat([number].into()),
                Err(_) => Expr::Const(self.name(token), [].into()),
            },
        };
        self.terms.expr(expr)
    }

    fn level(&mut self, text: &str) -> LevelId {
        let (base, plus) = text.split_once('+').unwrap_or((text, "0"));
        let (base, number) = match base.parse::<u32>() {
            Ok(number) => (Level::Zero, number),
            Err(_) => (Level::Param(self.name(base)), 0),
        };
        let mut level = self.terms.level(base);
        for _ in 0..number + plus.parse::<u32>().expect("a number") {
            level = self.terms.level(Level::Succ(level));
        }
        level
    }

    /// `function` applied to `argument`.
    pub fn apply(&mut self, function: ExprId, argument: ExprId) -> ExprId {
        self.terms.expr(Expr::App(function, argument))
    }

    /// A function of a proof of `True`, its variable under a name of one's own.
    pub fn bind(&mut self, name: NameId, body: ExprId) -> ExprId {
        let ty = self.expr("True");
        self.terms.expr(Expr::Lambda(Binder { name, info: BinderInfo::Explicit, ty, body }))
    }

    /// The constant of this name.
    pub fn get(&mut self, name: &str) -> Constant {
        let id = self.name(name);
        self.constants.get(&id).unwrap_or_else(|| panic!("no constant {name}")).clone()
    }

    /// Puts a constant in the place of any of its name.
    pub fn put(&mut self, constant: Constant) {
        self.constants.insert(constant.signature.name, constant);
    }

    /// Takes a constant away.
    pub fn remove(&mut self, name: &str) -> Constant {
        let id = self.name(name);
        self.constants.remove(&id).unwrap_or_else(|| panic!("no constant {name}"))
    }

    fn add(&mut self, name: &str, params: &str, ty: &str, kind: Kind) {
        let signature = Signature { name: self.name(name), params: self.names(params), ty: self.expr(ty) };
        self.put(Constant { signature, kind });
    }

    pub fn axiom(&mut self, name: &str, ty: &str) {
        self.add(name, "", ty, Kind::Axiom { is_unsafe: false });
    }

    pub fn theorem(&mut self, name: &str, ty: &str, value: &str) {
        self.theorem_at(name, "", ty, value);
    }

    /// A theorem with universe parameters.
    pub fn theorem_at(&mut self, name: &str, params: &str, ty: &str, value: &str) {
        let value = self.expr(value);
        self.add(name, params, ty, Kind::Theorem { value });
    }

    pub fn definition(&mut self, name: &str, ty: &str, value: &str) {
        self.definition_at(name, "", ty, value, Safety::Safe);
    }

    /// A definition with universe parameters.
    pub fn definition_at(&mut self, name: &str, params: &str, ty: &str, value: &str, safety: Safety) {
        let value = self.expr(value);
        self.add(name, params, ty, Kind::Definition { value, hints: Hints::Abbreviation, safety });
    }

    pub fn opaque(&mut self, name: &str, ty: &str, value: &str) {
        let value = self.expr(value);
        self.add(name, "", ty, Kind::Opaque { value, is_unsafe: false });
    }

    /// Changes the type of a constant.
    pub fn set_type(&mut self, name: &str, ty: &str) {
        let mut constant = self.get(name);
        constant.signature.ty = self.expr(ty);
        self.put(constant);
    }

    /// Changes the universe parameters of a constant.
    pub fn set_params(&mut self, name: &str, params: &str) {
        let mut constant = self.get(name);
        constant.signature.params = self.names(params);
        self.put(constant);
    }

    /// Changes the value of a theorem, definition or opaque constant.
    pub fn set_value(&mut self, name: &str, new: &str) {
        let new = self.expr(new);
        self.change(name, |kind| match kind {
            Kind::Theorem { value } | Kind::Definition { value, .. } | Kind::Opaque { value, .. } => *value = new,
            _ => panic!("no value to change"),
        });
    }

    /// Changes what a constant is.
    pub fn change(&mut self, name: &str, change: impl FnOnce(&mut Kind)) {
        let mut constant = self.get(name);
        change(&mut constant.kind);
        self.put(constant);
    }

    /// Changes the rules of a recursor.
    pub fn rules(&mut self, name: &str, change: impl FnOnce(&mut Vec<Rule>)) {
        self.change(name, |kind| match kind {
            Kind::Recursor { rules, .. } => change(rules),
            _ => panic!("no recursor"),
        });
    }

    /// Changes the constructors an inductive type names.
    pub fn constructors(&mut self, name: &str, new: &str) {
        let new = self.names(new);
        self.change(name, |kind| match kind {
            Kind::Inductive { constructors, .. } => *constructors = new,
            _ => panic!("no inductive type"),
        });
    }

    /// Changes the types that an inductive type or a recursor says to be declared with.
    pub fn all(&mut self, name: &str, new: &str) {
        let new = self.names(new);
        self.change(name, |kind| match kind {
            Kind::Inductive { all, .. } | Kind::Recursor { all, .. } => *all = new,
            _ => panic!("no inductive type"),
        });
    }

    /// Gives a constant another name; what mentions it stays.
    pub fn rename(&mut self, old: &str, new: &str) {
        let mut constant = self.remove(old);
        constant.signature.name = self.name(new);
        self.put(constant);
    }
}

/// A name of components between dots.
fn dotted(terms: &mut Terms, text: &str) -> NameId {
    let root = terms.name(Name::Anonymous);
    text.split('.').filter(|part| !part.is_empty()).fold(root, |prefix, part| {
        let part = match part.parse() {
            Ok(number) => Name::Num(prefix, number),
            Err(_) => Name::Str(prefix, part.into()),
        };
        terms.name(part)
    })
}
