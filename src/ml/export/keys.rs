//! Metadata of GGUF as bytes. Knows no key.

/// Types of values.
const U32: u32 = 4;
const I32: u32 = 5;
const F32: u32 = 6;
const BOOL: u32 = 7;
const TEXT: u32 = 8;
const LIST: u32 = 9;

/// Keys and values, in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keys {
    pub count: u64,
    pub bytes: Vec<u8>,
}

impl Keys {
    /// Adds a key whose name, type and value these bytes are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        self.count += 1;
    }

    fn add(&mut self, key: &str, kind: u32, value: &[u8]) {
        text(key, &mut self.bytes);
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(value);
        self.count += 1;
    }

    fn list<T>(&mut self, key: &str, kind: u32, values: &[T], append: impl Fn(&T, &mut Vec<u8>)) {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend((values.len() as u64).to_le_bytes());
        values.iter().for_each(|value| append(value, &mut bytes));
        self.add(key, LIST, &bytes);
    }

    /// # Panics
    ///
    /// If the value has more than 32 bits: sizes of models have not.
    pub fn size(&mut self, key: &str, value: usize) {
        self.add(key, U32, &u32::try_from(value).expect("a size of a model").to_le_bytes());
    }

    pub fn float(&mut self, key: &str, value: f32) {
        self.add(key, F32, &value.to_le_bytes());
    }

    pub fn flag(&mut self, key: &str, value: bool) {
        self.add(key, BOOL, &[u8::from(value)]);
    }

    pub fn text(&mut self, key: &str, value: &str) {
        let mut bytes = Vec::new();
        text(value, &mut bytes);
        self.add(key, TEXT, &bytes);
    }

    pub fn texts(&mut self, key: &str, values: &[String]) {
        self.list(key, TEXT, values, |value, to| text(value, to));
    }

    pub fn floats(&mut self, key: &str, values: &[f32]) {
        self.list(key, F32, values, |value, to| to.extend(value.to_le_bytes()));
    }

    pub fn integers(&mut self, key: &str, values: &[i32]) {
        self.list(key, I32, values, |value, to| to.extend(value.to_le_bytes()));
    }
}

/// A text with its length in front.
pub fn text(value: &str, to: &mut Vec<u8>) {
    to.extend((value.len() as u64).to_le_bytes());
    to.extend(value.as_bytes());
}
