//! Which name is where in the rewritten module. Owns the file the engine maps at start: sorted names with a binary
//! search over it, so that a process pays for the names it asks for, not for 200,000.

use std::collections::BTreeMap;

/// Where a symbol of the module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// A function, by its slot in the table.
    Function(u32),
    /// A variable, by its linear address.
    Data(u32),
    /// A function that exists but was left out of the table: nothing can call it by name.
    LeftOut,
}

/// Symbols while a module is being rewritten.
#[derive(Default)]
pub struct SymbolTable {
    symbols: BTreeMap<String, Symbol>,
}

const LEFT_OUT: u32 = u32::MAX;
const DATA_BIT: u32 = 1 << 31;
const MAGIC: &[u8; 8] = b"afsym\0\0\x01";

impl SymbolTable {
    pub(super) fn insert_function(&mut self, name: &str, slot: u32) {
        self.symbols.insert(name.into(), Symbol::Function(slot));
    }

    pub(super) fn insert_data(&mut self, name: &str, address: u32) {
        self.symbols.insert(name.into(), Symbol::Data(address));
    }

    pub(super) fn insert_left_out(&mut self, name: &str) {
        self.symbols.insert(name.into(), Symbol::LeftOut);
    }

    /// Number of symbols known.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// True if no symbol is known.
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }

    /// Layout (little endian): magic, count u32, then per symbol in name order end-of-name u32 and value u32, then the
    /// names. A value with the top bit is an address, all ones mean left out.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.symbols.len() as u32).to_le_bytes());
        let mut end = 0u32;
        for (name, symbol) in &self.symbols {
            end += name.len() as u32;
            let value = match symbol {
                Symbol::Function(slot) => *slot,
                Symbol::Data(address) => address | DATA_BIT,
                Symbol::LeftOut => LEFT_OUT,
            };
            out.extend(end.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        self.symbols.keys().for_each(|name| out.extend(name.as_bytes()));
        out
    }
}

/// A symbol file, searched in place.
pub struct SymbolFile<B> {
    bytes: B,
    count: usize,
}

impl<B: AsRef<[u8]>> SymbolFile<B> {
    /// Wraps the bytes of [`SymbolTable::to_bytes`]; `None` if they are not of that form.
    pub fn new(bytes: B) -> Option<Self> {
        let data = bytes.as_ref();
        if data.get(..8)? != MAGIC {
            return None;
        }
        let count = u32::from_le_bytes(data.get(8..12)?.try_into().ok()?) as usize;
        let file = SymbolFile { count, bytes };
        let names = if count == 0 { 0 } else { file.word(12 + 8 * (count - 1))? as usize };
        (file.bytes.as_ref().len() == 12 + 8 * count + names).then_some(file)
    }

    fn word(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes.as_ref().get(at..at + 4)?.try_into().ok()?))
    }

    fn name(&self, i: usize) -> Option<&[u8]> {
        let start = if i == 0 { 0 } else { self.word(12 + 8 * (i - 1))? as usize };
        let end = self.word(12 + 8 * i)? as usize;
        let names = 12 + 8 * self.count;
        self.bytes.as_ref().get(names + start..names + end)
    }

    /// Where `name` is, `None` if the module never had it.
    pub fn find(&self, name: &[u8]) -> Option<Symbol> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = (low + high) / 2;
            match self.name(middle)?.cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    return Some(match self.word(12 + 8 * middle + 4)? {
                        LEFT_OUT => Symbol::LeftOut,
                        value if value & DATA_BIT != 0 => Symbol::Data(value & !DATA_BIT),
                        value => Symbol::Function(value),
                    });
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_finds_what_the_table_holds_and_nothing_else() {
        let mut table = SymbolTable::default();
        table.insert_function("l_b", 7);
        table.insert_data("l_a", 4096);
        table.insert_left_out("l_c___boxed");
        let bytes = table.to_bytes();
        let file = SymbolFile::new(&bytes).unwrap();
        assert_eq!(file.find(b"l_a"), Some(Symbol::Data(4096)));
        assert_eq!(file.find(b"l_b"), Some(Symbol::Function(7)));
        assert_eq!(file.find(b"l_c___boxed"), Some(Symbol::LeftOut));
        for missing in ["", "l_", "l_aa", "m"] {
            assert_eq!(file.find(missing.as_bytes()), None, "{missing}");
        }
        assert!(SymbolFile::new(&bytes[..bytes.len() - 1]).is_none(), "truncated");
        assert!(SymbolFile::new(SymbolTable::default().to_bytes()).unwrap().find(b"x").is_none());
    }
}
