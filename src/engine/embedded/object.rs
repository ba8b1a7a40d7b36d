//! Lean objects in linear memory (32-bit ABI, `lean.h` of Lean 4.28): reading and building them from the host. Owns the
//! layout. Reference counts of objects handed to Lean are incremented by the caller where it keeps them; what the host
//! leaks is gone with the next reset.

use super::instance::{Failure, Instance};

/// `box(0)`: `List.nil`, `Option.none`, `Name.anonymous`, `Unit.unit`, `false`.
pub const NIL: u32 = 1;

/// The empty `NameSet`/`NameMap` (`Std.TreeMap` leaf): its second constructor.
pub const EMPTY_NAME_SET: u32 = 3;

const ARRAY_TAG: u8 = 246;
const BIG_NUMBER_TAG: u8 = 250;
const FIELDS: u32 = 8;

/// Bytes of a rendered name. No text needs as many; a circle of names has more.
const LONGEST_NAME: usize = 1 << 20;

/// A number as a boxed `Nat`; numbers above 31 bits are not needed here.
pub const fn boxed(n: u32) -> u32 {
    (n << 1) | 1
}

/// True for boxed scalars and constructors without fields.
pub const fn is_scalar(object: u32) -> bool {
    object & 1 == 1
}

impl Instance {
    /// Constructor tag of an object.
    pub fn tag(&self, object: u32) -> Result<u8, Failure> {
        Ok((self.word(object + 4)? >> 24) as u8)
    }

    /// Number of object fields of a constructor.
    pub fn field_count(&self, object: u32) -> Result<u8, Failure> {
        Ok((self.word(object + 4)? >> 16) as u8)
    }

    /// Object field `i` of a constructor.
    pub fn field(&self, object: u32, i: u32) -> Result<u32, Failure> {
        self.word(object + FIELDS + 4 * i)
    }

    /// Scalar byte `i` behind `fields` object fields.
    pub fn scalar_byte(&self, object: u32, fields: u32, i: u32) -> Result<u8, Failure> {
        let at = (object + FIELDS + 4 * fields + i) as usize;
        self.data().get(at).copied().ok_or_else(|| wasmtime::Trap::MemoryOutOfBounds.into())
    }

    /// One more owner of `object`.
    pub fn retain(&mut self, object: u32) -> Result<u32, Failure> {
        if !is_scalar(object) {
            let count = self.word(object)? as i32;
            let new = match count {
                0 => 0,
                c if c > 0 => c + 1,
                c => c - 1,
            };
            self.write_word(object, new as u32)?;
        }
        Ok(object)
    }

    fn write_word(&mut self, at: u32, value: u32) -> Result<(), Failure> {
        self.write_bytes(at, &value.to_le_bytes())
    }

    /// Overwrites bytes of the linear memory.
    pub fn write_bytes(&mut self, at: u32, bytes: &[u8]) -> Result<(), Failure> {
        let slot = self.data_mut().get_mut(at as usize..at as usize + bytes.len());
        slot.ok_or(wasmtime::Trap::MemoryOutOfBounds)?.copy_from_slice(bytes);
        Ok(())
    }

    fn allocate(&mut self, tag: u8, fields: u8, size: u32) -> Result<u32, Failure> {
        let object = self.call("lean_alloc_object", &[size])?;
        self.write_word(object, 1)?;
        self.write_word(object + 4, u32::from(tag) << 24 | u32::from(fields) << 16)?;
        Ok(object)
    }

    /// A constructor object; takes ownership of `fields`.
    pub fn constructor(&mut self, tag: u8, fields: &[u32], scalars: &[u8]) -> Result<u32, Failure> {
        let size = (FIELDS + 4 * fields.len() as u32 + scalars.len() as u32).next_multiple_of(8);
        let object = self.allocate(tag, fields.len() as u8, size)?;
        // A small object carries its size: the allocator frees it by it.
        self.write_bytes(object + 4, &(size as u16).to_le_bytes())?;
        for (i, field) in fields.iter().enumerate() {
            self.write_word(object + FIELDS + 4 * i as u32, *field)?;
        }
        self.write_bytes(object + FIELDS + 4 * fields.len() as u32, scalars)?;
        Ok(object)
    }

    /// A copy of a constructor object with another field; takes ownership of the field.
    pub fn copy_with(&mut self, object: u32, field: u32, value: u32) -> Result<u32, Failure> {
        let (tag, count) = (self.tag(object)?, u32::from(self.field_count(object)?));
        // A small object carries its size in the first half of its second word.
        let size = self.word(object + 4)? & 0xffff;
        let scalars = (0..size - FIELDS - 4 * count).map(|i| self.scalar_byte(object, count, i));
        let scalars = scalars.collect::<Result<Vec<u8>, _>>()?;
        let mut fields = (0..count).map(|i| self.field(object, i)).collect::<Result<Vec<u32>, _>>()?;
        fields[field as usize] = boxed(0);
        fields.iter().try_for_each(|kept| self.retain(*kept).map(drop))?;
        fields[field as usize] = value;
        self.constructor(tag, &fields, &scalars)
    }

    /// An `Array` of objects; takes ownership of `items`.
    pub fn array(&mut self, items: &[u32]) -> Result<u32, Failure> {
        let object = self.allocate(ARRAY_TAG, 0, 16 + 4 * items.len() as u32)?;
        self.write_word(object + 8, items.len() as u32)?;
        self.write_word(object + 12, items.len() as u32)?;
        for (i, item) in items.iter().enumerate() {
            self.write_word(object + 16 + 4 * i as u32, *item)?;
        }
        Ok(object)
    }

    /// The items of an `Array`.
    pub fn read_array(&self, object: u32) -> Result<Vec<u32>, Failure> {
        let len = self.word(object + 8)?;
        (0..len).map(|i| self.word(object + 16 + 4 * i)).collect()
    }

    /// The items of a `List`. One that contains itself is an error.
    pub fn read_list(&self, mut list: u32) -> Result<Vec<u32>, Failure> {
        let most = self.data().len() / (FIELDS as usize + 8);
        let mut items = Vec::new();
        while !is_scalar(list) {
            if items.len() == most {
                return Err(Failure::msg("a list that contains itself"));
            }
            items.push(self.field(list, 0)?);
            list = self.field(list, 1)?;
        }
        Ok(items)
    }

    /// The items of a `PersistentArray`: those of its tree (root, tail, size, tailOff, shift), then those of its tail.
    pub fn read_persistent_array(&self, object: u32) -> Result<Vec<u32>, Failure> {
        let (mut items, mut pending) = (Vec::new(), vec![self.field(object, 0)?]);
        while let Some(node) = pending.pop() {
            // A node has an array of nodes, a leaf one of items.
            let below = self.read_array(self.field(node, 0)?)?;
            if self.tag(node)? == 0 {
                pending.extend(below.into_iter().rev());
            } else {
                items.extend(below);
            }
        }
        items.extend(self.read_array(self.field(object, 1)?)?);
        Ok(items)
    }

    /// A `String`.
    pub fn string(&mut self, text: &str) -> Result<u32, Failure> {
        let len = text.len() as u32;
        let at = self.call("malloc", &[len + 1])?;
        if at == 0 {
            return Err(super::host::HostStop::Exit(1).into());
        }
        self.write_bytes(at, text.as_bytes())?;
        self.write_bytes(at + len, &[0])?;
        self.call("lean_mk_string_from_bytes", &[at, len])
    }

    /// The text of a `String`.
    pub fn read_string(&self, object: u32) -> Result<String, Failure> {
        let len = self.word(object + 8)?.saturating_sub(1) as usize;
        let at = object as usize + 20;
        let bytes = self.data().get(at..at + len).ok_or(wasmtime::Trap::MemoryOutOfBounds)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// A `Name` from components that are all strings.
    pub fn name(&mut self, components: &[&str]) -> Result<u32, Failure> {
        let mut name = NIL;
        for component in components {
            let text = self.string(component)?;
            name = self.call("l_Lean_Name_str___override", &[name, text])?;
        }
        Ok(name)
    }

    /// A `Name` rendered so that different names are different texts: components that are not plain identifiers are
    /// put into `«»`.
    pub fn read_name(&self, mut name: u32) -> Result<String, Failure> {
        let mut components: Vec<String> = Vec::new();
        let mut length = 0;
        while !is_scalar(name) {
            length += components.last().map_or(0, |c| c.len() + 1);
            if length > LONGEST_NAME {
                return Err(Failure::msg("a name of more than a megabyte"));
            }
            let part = self.field(name, 1)?;
            components.push(match self.tag(name)? {
                1 => escape_component(&self.read_string(part)?),
                _ if is_scalar(part) => (part >> 1).to_string(),
                _ => "«big»".to_owned(),
            });
            name = self.field(name, 0)?;
        }
        components.reverse();
        Ok(components.join("."))
    }

    /// A `Nat` below 2^64, if it is one.
    pub fn read_nat(&self, object: u32) -> Result<Option<u64>, Failure> {
        if is_scalar(object) {
            return Ok(Some(u64::from(object >> 1)));
        }
        if self.tag(object)? != BIG_NUMBER_TAG {
            return Ok(None);
        }
        Ok(match self.read_digits(object)?[..] {
            [low] => Some(u64::from(low)),
            [low, high] => Some(u64::from(low) | u64::from(high) << 32),
            _ => None,
        })
    }

    /// Digits of a big `Nat` to the base 2^32, the lowest first.
    pub fn read_digits(&self, object: u32) -> Result<Vec<u32>, Failure> {
        let (count, digits) = (self.word(object + 12)?, self.word(object + 16)?);
        // A count that the memory cannot hold is found before anything is allocated for it.
        let bytes = digits as usize..(digits as usize).saturating_add(4 * count as usize);
        let bytes = self.data().get(bytes).ok_or(wasmtime::Trap::MemoryOutOfBounds)?;
        Ok(bytes.chunks_exact(4).map(|d| u32::from_le_bytes(d.try_into().expect("four bytes"))).collect())
    }

    /// The value of an `IO` result, or its error as text.
    pub fn io_result(&mut self, result: u32) -> Result<Result<u32, String>, Failure> {
        let value = self.field(result, 0)?;
        if self.tag(result)? == 0 {
            return Ok(Ok(value));
        }
        self.retain(value)?;
        let text = self.call("lean_io_error_to_string", &[value])?;
        Ok(Err(self.read_string(text)?))
    }

    /// As [`io_result`](Self::io_result), for calls that only fail when the engine is broken.
    pub fn expect_io(&mut self, result: u32, what: &str) -> Result<u32, Failure> {
        self.io_result(result)?.map_err(|e| Failure::msg(format!("{what}: {e}")))
    }
}

fn escape_component(text: &str) -> String {
    let mut chars = text.chars();
    let plain = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '\'' | '!' | '?') || ('₀'..='₉').contains(&c));
    if plain { text.to_owned() } else { format!("«{}»", text.escape_debug().to_string().replace('»', "\\u{bb}")) }
}

#[cfg(test)]
mod tests {
    use super::escape_component;

    #[test]
    fn look_alikes_render_differently() {
        assert_eq!(escape_component("choice"), "choice");
        assert_eq!(escape_component("x₁'"), "x₁'");
        assert_eq!(escape_component("Classical.choice"), "«Classical.choice»");
        assert_eq!(escape_component("propext\n"), "«propext\\n»");
        assert_eq!(escape_component(""), "«»");
        assert_eq!(escape_component("a b».«c d"), "«a b\\u{bb}.«c d»");
    }
}
