//! Columns of the protocol: what a unit is, by what client and server agreed on. Owns the way there and back within a line.

use tower_lsp_server::ls_types::PositionEncodingKind;

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16, which every client knows.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The best for us of those a client knows: bytes need no counting, code points are what Lean counts.
    pub fn agreed(offered: &[PositionEncodingKind]) -> Encoding {
        let has = |kind| offered.contains(&kind);
        match () {
            () if has(PositionEncodingKind::UTF8) => Encoding::Utf8,
            () if has(PositionEncodingKind::UTF32) => Encoding::Utf32,
            () => Encoding::Utf16,
        }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How much a character counts.
    pub fn width(self, character: char) -> usize {
        match self {
            Encoding::Utf8 => character.len_utf8(),
            Encoding::Utf16 => character.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }

    /// The byte of a column. Inside a character it is where that begins, behind the line the line's end.
    pub fn byte(self, line: &str, column: u32) -> usize {
        let column = column as usize;
        if self == Encoding::Utf8 || line.is_ascii() {
            return line.floor_char_boundary(column.min(line.len()));
        }
        let mut passed = 0;
        for (at, character) in line.char_indices() {
            passed += self.width(character);
            if passed > column {
                return at;
            }
        }
        line.len()
    }

    /// The column of a byte.
    pub fn character(self, line: &str, byte: usize) -> u32 {
        let byte = line.floor_char_boundary(byte.min(line.len()));
        let before = &line[..byte];
        match self {
            Encoding::Utf8 => byte as u32,
            _ if before.is_ascii() => byte as u32,
            _ => before.chars().map(|character| self.width(character)).sum::<usize>() as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_bytes_are_each_others_way_back() {
        let line = "a∀𝔸é👩‍🔬x";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let mut column = 0;
            for (byte, character) in line.char_indices() {
                assert_eq!(encoding.character(line, byte), column, "{encoding:?} {byte}");
                assert_eq!(encoding.byte(line, column), byte);
                // Inside a character is where it begins.
                for inside in 1..encoding.width(character) as u32 {
                    assert_eq!(encoding.byte(line, column + inside), byte);
                }
                column += encoding.width(character) as u32;
            }
            assert_eq!(encoding.byte(line, column), line.len());
            assert_eq!(encoding.byte(line, u32::MAX), line.len());
        }
        assert_eq!(Encoding::Utf16.byte("𝔸b", 2), 4);
        assert_eq!(Encoding::Utf32.byte("𝔸b", 1), 4);
    }

    #[test]
    fn what_was_not_offered_is_utf16() {
        assert_eq!(Encoding::agreed(&[]), Encoding::Utf16);
        assert_eq!(Encoding::agreed(&[PositionEncodingKind::UTF16, PositionEncodingKind::UTF32]), Encoding::Utf32);
        assert_eq!(Encoding::agreed(&[PositionEncodingKind::UTF32, PositionEncodingKind::UTF8]), Encoding::Utf8);
    }
}
