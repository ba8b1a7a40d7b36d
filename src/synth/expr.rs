//! Expressions of the grammar files. Owns their syntax: numbers, names, calls `f(a, b)`, infix operators, `%2..9` (some
//! numeral), `?Set(X)` (some variable of a sort), `P.2` (second component of an instance). What names mean is settled
//! when a schema is instantiated.

/// An expression as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    Number(u64),
    /// Some numeral between two, both included.
    Range(u64, u64),
    /// A variable, a sort, or an instance of a rule (primes tell instances of the same rule apart).
    Name(String),
    /// A component of an instance of a rule that yields several terms at once, from 0.
    Part(String, usize),
    /// Some variable of a sort: one there is, or a new one.
    Leaf(Box<Expr>),
    /// An operator or a sort with arguments, or a function variable applied to some.
    Call(String, Vec<Expr>),
}

/// An infix operator: symbol, operator, strength, whether it groups to the right.
#[derive(Clone, Debug)]
pub(super) struct Infix {
    pub symbol: String,
    pub op: String,
    pub strength: u32,
    pub right: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(u64),
    Name(String),
    Symbol(String),
}

/// Reads an expression.
pub(super) fn parse(text: &str, infixes: &[Infix]) -> Result<Expr, String> {
    let mut parser = Parser { tokens: tokens(text, infixes)?, at: 0, infixes };
    let expr = parser.expr(0)?;
    match parser.tokens.get(parser.at) {
        None => Ok(expr),
        Some(rest) => Err(format!("`{text}`: {rest:?} is left over")),
    }
}

fn tokens(text: &str, infixes: &[Infix]) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    let mut symbols: Vec<&str> =
        infixes.iter().map(|i| i.symbol.as_str()).chain([",", "(", ")", "..", "?", "%"]).collect();
    symbols.sort_by_key(|s| std::cmp::Reverse(s.len()));
    while let Some(first) = rest.chars().next() {
        let word = |more: fn(char) -> bool| rest.find(|c| !more(c)).unwrap_or(rest.len());
        let length = if first.is_ascii_digit() {
            let length = word(|c| c.is_ascii_digit());
            tokens.push(Token::Number(rest[..length].parse().map_err(|e| format!("`{text}`: {e}"))?));
            length
        } else if first.is_ascii_alphabetic() || first == '_' {
            let mut length = word(|c| c.is_ascii_alphanumeric() || c == '_' || c == '\'');
            // `P.2`, but not `P..`.
            let part = rest[length..].strip_prefix('.').and_then(|r| r.chars().next()).filter(char::is_ascii_digit);
            length += if part.is_some() { 2 } else { 0 };
            tokens.push(Token::Name(rest[..length].to_owned()));
            length
        } else if let Some(symbol) = symbols.iter().find(|s| rest.starts_with(**s)) {
            tokens.push(Token::Symbol((*symbol).to_owned()));
            symbol.len()
        } else {
            return Err(format!("`{text}`: `{first}` means nothing"));
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    infixes: &'a [Infix],
}

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Symbol(s)) if s == symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), String> {
        if self.take(symbol) { Ok(()) } else { Err(format!("expected `{symbol}` at token {}", self.at)) }
    }

    fn number(&mut self) -> Result<u64, String> {
        match self.next() {
            Some(Token::Number(n)) => Ok(n),
            other => Err(format!("expected a number, found {other:?}")),
        }
    }

    fn expr(&mut self, least: u32) -> Result<Expr, String> {
        let mut left = self.atom()?;
        while let Some(Token::Symbol(symbol)) = self.tokens.get(self.at) {
            let Some(infix) = self.infixes.iter().find(|i| &i.symbol == symbol && i.strength >= least) else { break };
            let (op, next) = (infix.op.clone(), infix.strength + u32::from(!infix.right));
            self.at += 1;
            let right = self.expr(next)?;
            left = Expr::Call(op, vec![left, right]);
        }
        Ok(left)
    }

    fn atom(&mut self) -> Result<Expr, String> {
        match self.next() {
            Some(Token::Number(n)) => Ok(Expr::Number(n)),
            Some(Token::Symbol(s)) if s == "%" => {
                let low = self.number()?;
                self.expect("..")?;
                Ok(Expr::Range(low, self.number()?))
            }
            Some(Token::Symbol(s)) if s == "?" => Ok(Expr::Leaf(Box::new(self.atom()?))),
            Some(Token::Symbol(s)) if s == "(" => {
                let inner = self.expr(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Some(Token::Name(name)) => {
                if let Some((rule, part)) = name.split_once('.') {
                    let part: usize = part.parse().map_err(|e| format!("`{name}`: {e}"))?;
                    return Ok(Expr::Part(rule.to_owned(), part.saturating_sub(1)));
                }
                if !self.take("(") {
                    return Ok(Expr::Name(name));
                }
                let mut arguments = Vec::new();
                while !self.take(")") {
                    arguments.push(self.expr(0)?);
                    if !self.take(",") {
                        self.expect(")")?;
                        break;
                    }
                }
                Ok(Expr::Call(name, arguments))
            }
            other => Err(format!("expected an expression, found {other:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        let infix = |symbol: &str, strength, right| Infix { symbol: symbol.into(), op: symbol.into(), strength, right };
        let infixes = [infix("+", 65, false), infix("*", 70, false), infix("^", 75, true)];
        let read = |text| format!("{:?}", parse(text, &infixes));
        assert_eq!(read("a + b * c"), read("a + (b * c)"));
        assert_eq!(read("a + b + c"), read("(a + b) + c"));
        assert_eq!(read("a ^ b ^ c"), read("a ^ (b ^ c)"));
        assert_eq!(parse("%2..9", &infixes), Ok(Expr::Range(2, 9)));
        assert_eq!(parse("P'.2", &infixes), Ok(Expr::Part("P'".into(), 1)));
        assert_eq!(parse("?Set(X)", &infixes), parse("?(Set(X))", &infixes));
        for wrong in ["a +", "f(a", "a b", "%2", "a § b"] {
            assert!(parse(wrong, &infixes).is_err(), "{wrong}");
        }
    }
}
