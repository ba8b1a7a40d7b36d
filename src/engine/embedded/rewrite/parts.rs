//! A module taken apart into the pieces the transformations change, and put together again. Owns decoding and
//! encoding; knows nothing of Lean. Function bodies and data stay borrowed from the input: 137 MB are not copied twice.

use super::RewriteError;
use std::borrow::Cow;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{self as enc, RawSection, SectionId};
use wasmparser::{
    ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, GlobalType, Import, Parser, Payload, TableType,
    TypeRef,
};

/// A global with its initial value as raw constant expression.
pub struct DefinedGlobal<'a> {
    pub ty: GlobalType,
    pub init: wasmparser::ConstExpr<'a>,
}

/// One active element segment of table 0: functions put into the table from `offset` on.
pub struct Segment {
    pub offset: u32,
    pub functions: Vec<u32>,
}

/// An entry of the export section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportEntry {
    pub name: String,
    pub kind: ExternalKind,
    pub index: u32,
}

/// A core module in pieces. Index spaces are those of the input: transformations must keep them.
pub struct Parts<'a> {
    pub types: Vec<FuncType>,
    type_section: &'a [u8],
    pub imports: Vec<Import<'a>>,
    /// Type index of every defined function.
    pub functions: Vec<u32>,
    pub tables: Vec<TableType>,
    pub globals: Vec<DefinedGlobal<'a>>,
    /// Mutable i64 globals added behind the defined ones, with their initial value.
    pub added_globals: Vec<i64>,
    pub exports: Vec<ExportEntry>,
    pub start: Option<u32>,
    pub segments: Vec<Segment>,
    pub bodies: Vec<Cow<'a, [u8]>>,
    data_count: Option<u32>,
    data_section: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    /// Takes a module apart. Sections this rewriter has no use for (tags, memories of its own, custom) are refused or,
    /// for custom sections, dropped.
    pub fn parse(wasm: &'a [u8]) -> Result<Self, RewriteError> {
        let mut parts = Parts {
            types: vec![],
            type_section: &[],
            imports: vec![],
            functions: vec![],
            tables: vec![],
            globals: vec![],
            added_globals: vec![],
            exports: vec![],
            start: None,
            segments: vec![],
            bodies: vec![],
            data_count: None,
            data_section: None,
        };
        for payload in Parser::new(0).parse_all(wasm) {
            parts.section(wasm, payload?)?;
        }
        Ok(parts)
    }

    fn section(&mut self, wasm: &'a [u8], payload: Payload<'a>) -> Result<(), RewriteError> {
        match payload {
            Payload::TypeSection(s) => {
                self.type_section = &wasm[s.range()];
                self.types = s.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(s) => self.imports = s.into_imports().collect::<Result<_, _>>()?,
            Payload::FunctionSection(s) => self.functions = s.into_iter().collect::<Result<_, _>>()?,
            Payload::TableSection(s) => {
                for table in s {
                    self.tables.push(table?.ty);
                }
            }
            Payload::GlobalSection(s) => {
                for global in s {
                    let global = global?;
                    self.globals.push(DefinedGlobal { ty: global.ty, init: global.init_expr });
                }
            }
            Payload::ExportSection(s) => {
                for export in s {
                    let export = export?;
                    self.exports.push(ExportEntry {
                        name: export.name.to_owned(),
                        kind: export.kind,
                        index: export.index,
                    });
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(s) => {
                for element in s {
                    self.segments.push(active_segment(element?)?);
                }
            }
            Payload::DataCountSection { count, .. } => self.data_count = Some(count),
            Payload::DataSection(s) => self.data_section = Some(&wasm[s.range()]),
            Payload::CodeSectionEntry(body) => self.bodies.push(Cow::Borrowed(body.as_bytes())),
            Payload::MemorySection(_) | Payload::TagSection(_) => {
                return Err(RewriteError::Unexpected("a memory or tag section".into()));
            }
            _ => {}
        }
        Ok(())
    }

    /// Number of imported functions: the index of the first defined one.
    pub fn imported_functions(&self) -> u32 {
        self.imports.iter().filter(|i| matches!(i.ty, TypeRef::Func(_))).count() as u32
    }

    /// Number of imported globals: the index of the first defined one.
    pub fn imported_globals(&self) -> u32 {
        self.imports.iter().filter(|i| matches!(i.ty, TypeRef::Global(_))).count() as u32
    }

    /// The function exported under `name`.
    pub fn exported_function(&self, name: &str) -> Result<u32, RewriteError> {
        self.exports
            .iter()
            .find(|e| e.name == name && e.kind == ExternalKind::Func)
            .map(|e| e.index)
            .ok_or_else(|| RewriteError::Unexpected(format!("no exported function `{name}`")))
    }

    /// Replaces the body (locals and code) of a defined function.
    pub fn set_body(&mut self, index: u32, body: Vec<u8>) -> Result<(), RewriteError> {
        let at = index.checked_sub(self.imported_functions());
        let slot = at.and_then(|at| self.bodies.get_mut(at as usize));
        *slot.ok_or_else(|| RewriteError::Unexpected(format!("function {index} has no body")))? = Cow::Owned(body);
        Ok(())
    }

    /// Puts `code` before the first instruction of a defined function, after its locals.
    pub fn prepend_code(&mut self, index: u32, code: &[u8]) -> Result<(), RewriteError> {
        let at = (index - self.imported_functions()) as usize;
        let old = self.bodies.get(at).ok_or_else(|| RewriteError::Unexpected(format!("no function {index}")))?;
        let body = FunctionBody::new(wasmparser::BinaryReader::new(old, 0));
        let locals_end = body.get_operators_reader()?.original_position();
        let mut new = Vec::with_capacity(old.len() + code.len());
        new.extend_from_slice(&old[..locals_end]);
        new.extend_from_slice(code);
        new.extend_from_slice(&old[locals_end..]);
        self.bodies[at] = Cow::Owned(new);
        Ok(())
    }

    /// The module's bytes.
    pub fn encode(&self) -> Result<Vec<u8>, RewriteError> {
        let mut re = RoundtripReencoder;
        let mut module = enc::Module::new();
        module.section(&RawSection { id: SectionId::Type as u8, data: self.type_section });
        let mut imports = enc::ImportSection::new();
        for import in &self.imports {
            imports.import(import.module, import.name, re.entity_type(import.ty).map_err(reencoding)?);
        }
        module.section(&imports);
        let mut functions = enc::FunctionSection::new();
        self.functions.iter().for_each(|t| {
            functions.function(*t);
        });
        module.section(&functions);
        if !self.tables.is_empty() {
            let mut tables = enc::TableSection::new();
            for table in &self.tables {
                tables.table(re.table_type(*table).map_err(reencoding)?);
            }
            module.section(&tables);
        }
        let mut globals = enc::GlobalSection::new();
        for global in &self.globals {
            let ty = re.global_type(global.ty).map_err(reencoding)?;
            globals.global(ty, &re.const_expr(global.init.clone()).map_err(reencoding)?);
        }
        for value in &self.added_globals {
            let ty = enc::GlobalType { val_type: enc::ValType::I64, mutable: true, shared: false };
            globals.global(ty, &enc::ConstExpr::i64_const(*value));
        }
        module.section(&globals);
        let mut exports = enc::ExportSection::new();
        for export in &self.exports {
            exports.export(&export.name, re.export_kind(export.kind).map_err(reencoding)?, export.index);
        }
        module.section(&exports);
        if let Some(function_index) = self.start {
            module.section(&enc::StartSection { function_index });
        }
        let mut elements = enc::ElementSection::new();
        for segment in &self.segments {
            let offset = enc::ConstExpr::i32_const(segment.offset as i32);
            elements.active(None, &offset, enc::Elements::Functions(segment.functions.as_slice().into()));
        }
        module.section(&elements);
        if let Some(count) = self.data_count {
            module.section(&enc::DataCountSection { count });
        }
        let mut code = enc::CodeSection::new();
        self.bodies.iter().for_each(|body| {
            code.raw(body);
        });
        module.section(&code);
        if let Some(data) = self.data_section {
            module.section(&RawSection { id: SectionId::Data as u8, data });
        }
        Ok(module.finish())
    }
}

fn reencoding<E: std::fmt::Display>(error: E) -> RewriteError {
    RewriteError::Unexpected(error.to_string())
}

fn active_segment(element: wasmparser::Element<'_>) -> Result<Segment, RewriteError> {
    let unexpected = || RewriteError::Unexpected("an element segment that is not an active list of functions".into());
    let ElementKind::Active { offset_expr, table_index } = element.kind else { return Err(unexpected()) };
    let mut ops = offset_expr.get_operators_reader();
    let wasmparser::Operator::I32Const { value } = ops.read()? else { return Err(unexpected()) };
    let ElementItems::Functions(functions) = element.items else { return Err(unexpected()) };
    if table_index.unwrap_or(0) != 0 {
        return Err(unexpected());
    }
    Ok(Segment { offset: value as u32, functions: functions.into_iter().collect::<Result<_, _>>()? })
}
