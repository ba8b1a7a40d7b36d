//! A tokenizer as `tokenizer.json`: what was rebuilt from GGUF, with the steps that decode and that put the first token in
//! front of texts.

use super::Tokenizer;
use super::pieces::Writing;
use crate::ml::error::ModelError;
use serde_json::{Value, json};

impl Tokenizer {
    /// The text of a `tokenizer.json` that encodes and decodes as this tokenizer does, in this crate and in Python.
    pub fn to_json(&self) -> Result<String, ModelError> {
        let damaged = |what: String| ModelError::Damaged { path: self.path.clone(), what };
        let text = self.encoder.to_string(false).map_err(|e| damaged(e.to_string()))?;
        let mut all: Value = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
        if all["decoder"].is_null() {
            all["decoder"] = self.decoder();
        }
        let bos = self.bos.filter(|_| self.adds_bos && all["post_processor"].is_null());
        if let Some(id) = bos {
            let name = self.encoder.id_to_token(id).unwrap_or_default();
            let first = json!({"SpecialToken": {"id": name, "type_id": 0}});
            let text = |id: &str, kind: u32| json!({"Sequence": {"id": id, "type_id": kind}});
            all["post_processor"] = json!({
                "type": "TemplateProcessing",
                "single": [first, text("A", 0)],
                "pair": [first, text("A", 0), {"SpecialToken": {"id": name, "type_id": 1}}, text("B", 1)],
                "special_tokens": {&name: {"id": name, "ids": [id], "tokens": [name]}},
            });
        }
        Ok(all.to_string())
    }

    fn decoder(&self) -> Value {
        if self.pieces.writing() == Writing::ByteLevel {
            return json!({"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true});
        }
        let mut steps = vec![
            json!({"type": "Replace", "pattern": {"String": "\u{2581}"}, "content": " "}),
            json!({"type": "ByteFallback"}),
            json!({"type": "Fuse"}),
        ];
        if self.adds_space {
            steps.push(json!({"type": "Strip", "content": " ", "start": 1, "stop": 0}));
        }
        json!({"type": "Sequence", "decoders": steps})
    }
}
