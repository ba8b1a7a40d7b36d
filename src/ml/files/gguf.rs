//! Reads GGUF, the file format of llama.cpp, versions 2 and 3, little endian: metadata and the table of tensors.
//! Trusts no length in the file: none leads to a panic or to more memory than a small multiple of the file's size.
//! Knows nothing about what the keys mean.

use super::quantised::Kind;
use super::tensors::Tensor;
use crate::ml::error::ModelError;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A value of the metadata. All widths of integers are one, and both of floats.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Integer(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Integers(Vec<i64>),
    Floats(Vec<f64>),
    Texts(Vec<String>),
}

/// A key, the first byte of its name in the file, and the one behind the last of its value.
type Place = (String, u64, u64);

/// An open GGUF file.
#[derive(Debug)]
pub struct Gguf {
    pub path: PathBuf,
    pub file: File,
    pub metadata: HashMap<String, Value>,
    pub tensors: HashMap<String, Tensor>,
    /// Where all keys lie, in the file's order.
    places: Vec<Place>,
}

/// Where tensors begin is a multiple of this, if `general.alignment` does not say another.
const ALIGNMENT: u64 = 32;

/// Types of tensors that exist and are not read, for messages.
const UNREAD: [(u32, &str); 13] = [
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (20, "IQ4_NL"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (23, "IQ4_XS"),
    (29, "IQ1_M"),
    (34, "TQ1_0"),
    (35, "TQ2_0"),
    (39, "MXFP4"),
    (40, "NVFP4"),
];

impl Gguf {
    /// Reads metadata and table of the file at `path`, and checks that all tensors lie within it.
    pub fn open(path: &Path) -> Result<Gguf, ModelError> {
        let failed = |source: io::Error| ModelError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut reader = Reader { path, input: BufReader::new(&file), size, left: size, at: "the header".to_owned() };
        let (tensor_count, key_count) = reader.header()?;
        let (metadata, places) = reader.metadata(key_count)?;
        let tensors = reader.tensors(tensor_count, alignment(path, &metadata)?)?;
        Ok(Gguf { path: path.to_owned(), file, metadata, tensors, places })
    }

    /// All keys in the file's order, each with its bytes: name, type and value.
    pub fn entries(&self) -> Result<Vec<(&str, Vec<u8>)>, ModelError> {
        let failed = |source| ModelError::Io { path: self.path.clone(), source };
        let read = |(_, begin, end): &Place| {
            let mut bytes = vec![0; usize::try_from(end - begin).unwrap_or(usize::MAX)];
            self.file.read_exact_at(&mut bytes, *begin).map_err(failed).map(|()| bytes)
        };
        self.places.iter().map(|place| Ok((place.0.as_str(), read(place)?))).collect()
    }

    /// The text under `key`, if it is there.
    pub fn text(&self, key: &str) -> Result<Option<&str>, ModelError> {
        self.get(key, "a text", |value| if let Value::Text(text) = value { Some(text.as_str()) } else { None })
    }

    /// The integer under `key`, if it is there.
    pub fn integer(&self, key: &str) -> Result<Option<i64>, ModelError> {
        self.get(key, "an integer", |value| if let Value::Integer(i) = value { Some(*i) } else { None })
    }

    /// The truth value under `key`, if it is there.
    pub fn flag(&self, key: &str) -> Result<Option<bool>, ModelError> {
        self.get(key, "true or false", |value| if let Value::Bool(b) = value { Some(*b) } else { None })
    }

    /// The texts under `key`, if they are there.
    pub fn texts(&self, key: &str) -> Result<Option<&[String]>, ModelError> {
        self.get(key, "a list of texts", |value| if let Value::Texts(t) = value { Some(t.as_slice()) } else { None })
    }

    /// The integers under `key`, if they are there.
    pub fn integers(&self, key: &str) -> Result<Option<&[i64]>, ModelError> {
        self.get(key, "a list of integers", |v| if let Value::Integers(i) = v { Some(i.as_slice()) } else { None })
    }

    /// The floats under `key`, if they are there.
    pub fn floats(&self, key: &str) -> Result<Option<&[f64]>, ModelError> {
        self.get(key, "a list of floats", |value| if let Value::Floats(f) = value { Some(f.as_slice()) } else { None })
    }

    fn get<'a, T>(
        &'a self,
        key: &str,
        wanted: &str,
        of: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ModelError> {
        let Some(value) = self.metadata.get(key) else { return Ok(None) };
        let what = || format!("key `{key}` is not {wanted}");
        of(value).map(Some).ok_or_else(|| ModelError::Damaged { path: self.path.clone(), what: what() })
    }
}

fn alignment(path: &Path, metadata: &HashMap<String, Value>) -> Result<u64, ModelError> {
    match metadata.get("general.alignment") {
        None => Ok(ALIGNMENT),
        Some(Value::Integer(n)) if (1..=1 << 20).contains(n) && n.count_ones() == 1 => Ok(n.unsigned_abs()),
        Some(other) => Err(ModelError::Damaged {
            path: path.to_owned(),
            what: format!("key `general.alignment` is {other:?}, not a power of two"),
        }),
    }
}

/// Reads from front to back and knows how much is left.
struct Reader<'a> {
    path: &'a Path,
    input: BufReader<&'a File>,
    size: u64,
    left: u64,
    /// What is being read, for messages.
    at: String,
}

impl Reader<'_> {
    fn damaged(&self, what: impl std::fmt::Display) -> ModelError {
        ModelError::Damaged { path: self.path.to_owned(), what: format!("{}: {what}", self.at) }
    }

    /// Claims `n` of the bytes that are left.
    fn claim(&mut self, n: u64) -> Result<(), ModelError> {
        self.left = self
            .left
            .checked_sub(n)
            .ok_or_else(|| self.damaged(format_args!("the file ends {} bytes before this does", n - self.left)))?;
        Ok(())
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), ModelError> {
        self.claim(bytes.len() as u64)?;
        let failed = |source| ModelError::Io { path: self.path.to_owned(), source };
        self.input.read_exact(bytes).map_err(failed)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, ModelError> {
        self.take().map(u64::from_le_bytes)
    }

    /// A number of things of at least `least` bytes each, which must fit into what is left.
    fn count(&mut self, least: u64, things: &str) -> Result<usize, ModelError> {
        let count = self.u64()?;
        match count.checked_mul(least) {
            Some(bytes) if bytes <= self.left => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
            _ => Err(self.damaged(format_args!("{count} {things} are more than the rest of the file can hold"))),
        }
    }

    fn text(&mut self) -> Result<String, ModelError> {
        let mut bytes = vec![0; self.count(1, "bytes of text")?];
        self.fill(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| self.damaged("a text is not UTF-8"))
    }

    /// How many tensors and how many keys there are.
    fn header(&mut self) -> Result<(usize, usize), ModelError> {
        if self.take()? != *b"GGUF" {
            return Err(self.damaged("this is no GGUF file"));
        }
        match self.u32()? {
            2 | 3 => {}
            version => {
                let big = version.swap_bytes() < version;
                let what = if big { "big-endian GGUF".to_owned() } else { format!("version {version} of GGUF") };
                let hint = "versions 2 and 3, little endian, are; convert the model again".to_owned();
                return Err(ModelError::Unsupported { what: format!("{}: {what}", self.path.display()), hint });
            }
        }
        // A tensor has a name's length, a number of dimensions, a type and an offset; a key a length, a type, a value.
        Ok((self.count(24, "tensors")?, self.count(13, "keys")?))
    }

    fn metadata(&mut self, count: usize) -> Result<(HashMap<String, Value>, Vec<Place>), ModelError> {
        let (mut metadata, mut places) = (HashMap::new(), Vec::new());
        for i in 0..count {
            let begin = self.size - self.left;
            self.at = format!("the name of key {i}");
            let key = self.text()?;
            self.at = format!("key `{key}`");
            let kind = self.u32()?;
            let value = self.value(kind)?;
            places.push((key.clone(), begin, self.size - self.left));
            match metadata.entry(key) {
                Entry::Vacant(place) => place.insert(value),
                Entry::Occupied(_) => return Err(self.damaged("the key is there twice")),
            };
        }
        Ok((metadata, places))
    }

    fn value(&mut self, kind: u32) -> Result<Value, ModelError> {
        Ok(match kind {
            6 => Value::Float(f64::from(f32::from_le_bytes(self.take()?))),
            12 => Value::Float(f64::from_le_bytes(self.take()?)),
            7 => Value::Bool(self.take()? != [0]),
            8 => Value::Text(self.text()?),
            9 => self.array()?,
            _ => Value::Integer(self.integer(kind)?),
        })
    }

    fn integer(&mut self, kind: u32) -> Result<i64, ModelError> {
        Ok(match kind {
            0 | 7 => u8::from_le_bytes(self.take()?).into(),
            1 => i8::from_le_bytes(self.take()?).into(),
            2 => u16::from_le_bytes(self.take()?).into(),
            3 => i16::from_le_bytes(self.take()?).into(),
            4 => u32::from_le_bytes(self.take()?).into(),
            5 => i32::from_le_bytes(self.take()?).into(),
            10 => self.u64()?.try_into().map_err(|_| self.damaged("the number is too large"))?,
            11 => i64::from_le_bytes(self.take()?),
            other => return Err(self.damaged(format_args!("there is no type {other} of values"))),
        })
    }

    fn array(&mut self) -> Result<Value, ModelError> {
        let kind = self.u32()?;
        let least = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            8 | 10..=12 => 8,
            9 => return Err(self.damaged("a list of lists, which no known key is")),
            other => return Err(self.damaged(format_args!("there is no type {other} of values"))),
        };
        let count = self.count(least, "values")?;
        match kind {
            8 => (0..count).map(|_| self.text()).collect::<Result<_, _>>().map(Value::Texts),
            6 => (0..count)
                .map(|_| self.take().map(|b| f32::from_le_bytes(b).into()))
                .collect::<Result<_, _>>()
                .map(Value::Floats),
            12 => (0..count).map(|_| self.take().map(f64::from_le_bytes)).collect::<Result<_, _>>().map(Value::Floats),
            _ => (0..count).map(|_| self.integer(kind)).collect::<Result<_, _>>().map(Value::Integers),
        }
    }

    fn tensors(&mut self, count: usize, alignment: u64) -> Result<HashMap<String, Tensor>, ModelError> {
        let mut entries = Vec::new();
        for i in 0..count {
            self.at = format!("the name of tensor {i}");
            let name = self.text()?;
            self.at = format!("tensor `{name}`");
            let dimensions = self.u32()?;
            if !(1..=4).contains(&dimensions) {
                return Err(self.damaged(format_args!("{dimensions} dimensions; there are 1 to 4")));
            }
            let mut shape = Vec::new();
            for _ in 0..dimensions {
                let length = self.u64()?;
                shape.push(usize::try_from(length).map_err(|_| self.damaged("a dimension is too large"))?);
            }
            // GGML counts dimensions from the one that is contiguous in memory.
            shape.reverse();
            entries.push((name, shape, self.u32()?, self.u64()?));
        }
        let data = (self.size - self.left).next_multiple_of(alignment);
        let mut tensors = HashMap::new();
        for (name, shape, number, offset) in entries {
            self.at = format!("tensor `{name}`");
            if offset % alignment != 0 {
                return Err(self.damaged(format_args!("offset {offset} is not a multiple of {alignment}")));
            }
            let start = data.checked_add(offset).ok_or_else(|| self.damaged("the offset is too large"))?;
            let unread = || UNREAD.iter().find(|(n, _)| *n == number).map_or("unknown", |(_, name)| name);
            let kind = Kind::of_ggml(number).ok_or_else(|| format!("GGML type {number} ({})", unread()));
            let tensor = Tensor { file: 0, kind, shape, start };
            tensor.check(self.size).map_err(|what| self.damaged(what))?;
            if tensors.insert(name, tensor).is_some() {
                return Err(self.damaged("the tensor is there twice"));
            }
        }
        Ok(tensors)
    }
}
