//! The `invoke_*` imports of emscripten as a helper module. Owns its encoding.
//!
//! C++ code built for emscripten makes calls that may throw through imports `invoke_SIG(slot, args..)`. Implemented by
//! the host each costs two transitions between wasm and Rust; here they are wasm functions that catch with the
//! exception proposal, so a call that does not throw costs no more than a `call_indirect`.

use super::parts::Parts;
use super::{RewriteError, SHARED_STATE_MODULE};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    BlockType, Catch, CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalType,
    ImportSection, MemArg, Module, TagKind, TagSection, TagType, TypeSection, ValType,
};
use wasmparser::TypeRef;

/// Indices of the globals the helper needs, in the index space of the main module.
pub struct InvokeGlobals {
    /// The C shadow-stack pointer, put back after a catch.
    pub stack_pointer: u32,
    /// Address of emscripten's `__THREW__`, set to 1 after a catch.
    pub threw: u32,
    /// Address of `__threwValue`, set to 0 after a catch.
    pub threw_value: u32,
}

/// What the throwing imports do before they throw, implemented by the host: import name in module `host`, parameters.
const THROWING: [(&str, u32); 4] =
    [("__cxa_throw", 3), ("__resumeException", 1), ("__cxa_rethrow", 0), ("__cxa_rethrow_primary_exception", 1)];

/// Module name of the host functions called before a throw.
pub const HOST_MODULE: &str = "host";

/// Encodes the helper for the `invoke_*` imports of `parts` (whose table and memory must already be the final ones).
pub fn invoke_helper(parts: &Parts<'_>, globals: &InvokeGlobals) -> Result<Vec<u8>, RewriteError> {
    let mut types = TypeSection::new();
    for ty in &parts.types {
        let ty = RoundtripReencoder.func_type(ty.clone()).map_err(|e| RewriteError::Unexpected(e.to_string()))?;
        types.ty().func_type(&ty);
    }
    let throwing_types = parts.types.len() as u32;
    for (_, params) in THROWING {
        types.ty().function(vec![ValType::I32; params as usize], []);
    }
    let tag_type = throwing_types + 2;

    let mut imports = ImportSection::new();
    for import in &parts.imports {
        if matches!(import.ty, TypeRef::Table(_) | TypeRef::Memory(_)) {
            let ty = RoundtripReencoder.entity_type(import.ty).map_err(|e| RewriteError::Unexpected(e.to_string()))?;
            imports.import(import.module, import.name, ty);
        }
    }
    for index in [globals.stack_pointer, globals.threw, globals.threw_value] {
        let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        imports.import(SHARED_STATE_MODULE, &format!("g{index}"), EntityType::Global(ty));
    }
    for (i, (name, _)) in THROWING.iter().enumerate() {
        imports.import(HOST_MODULE, name, EntityType::Function(throwing_types + i as u32));
    }
    let mut tags = TagSection::new();
    tags.tag(TagType { kind: TagKind::Exception, func_type_idx: tag_type });

    let mut functions = FunctionSection::new();
    let mut exports = ExportSection::new();
    let mut code = CodeSection::new();
    let mut export = |name: &str, ty: u32, body: &Function| {
        let index = THROWING.len() as u32 + functions.len();
        functions.function(ty);
        exports.export(name, ExportKind::Func, index);
        code.function(body);
    };
    for (i, (name, params)) in THROWING.iter().enumerate() {
        export(name, throwing_types + i as u32, &throwing_body(i as u32, *params));
    }
    for import in &parts.imports {
        if let TypeRef::Func(ty) = import.ty
            && import.name.starts_with("invoke_")
        {
            let callee = callee_type(parts, ty)?;
            export(import.name, ty, &invoke_body(&parts.types[ty as usize], callee));
        }
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tags).section(&exports).section(&code);
    Ok(module.finish())
}

/// Calls the host function, then throws. `__cxa_rethrow_primary_exception(null)` must return instead.
fn throwing_body(host_function: u32, params: u32) -> Function {
    let mut body = Function::new([]);
    let mut code = body.instructions();
    let may_return = THROWING[host_function as usize].0 == "__cxa_rethrow_primary_exception";
    if may_return {
        code.local_get(0).i32_eqz().if_(BlockType::Empty).return_().end();
    }
    for i in 0..params {
        code.local_get(i);
    }
    code.call(host_function).throw(0).end();
    body
}

/// The type of the function behind `invoke_*`: the same without the leading slot.
fn callee_type(parts: &Parts<'_>, invoke: u32) -> Result<u32, RewriteError> {
    let invoke = &parts.types[invoke as usize];
    let wanted = &invoke.params()[1..];
    parts
        .types
        .iter()
        .position(|t| t.params() == wanted && t.results() == invoke.results())
        .map(|i| i as u32)
        .ok_or_else(|| RewriteError::Unexpected("an invoke_* import without a function of its type".into()))
}

/// `try { return table[slot](args..) } catch { sp = saved; if !*threw { *threw = 1; *threw_value = 0 }; return 0 }`
fn invoke_body(ty: &wasmparser::FuncType, callee: u32) -> Function {
    const STACK_POINTER: u32 = 0;
    const THREW: u32 = 1;
    const THREW_VALUE: u32 = 2;
    let params = ty.params().len() as u32;
    let saved = params;
    let result = ty.results().first().map(|t| RoundtripReencoder.val_type(*t).expect("a number type"));
    let word = MemArg { offset: 0, align: 2, memory_index: 0 };
    let mut body = Function::new([(1, ValType::I32)]);
    let mut code = body.instructions();
    code.global_get(STACK_POINTER).local_set(saved);
    code.block(BlockType::Empty);
    code.try_table(result.map_or(BlockType::Empty, BlockType::Result), [Catch::One { tag: 0, label: 0 }]);
    for i in 1..params {
        code.local_get(i);
    }
    code.local_get(0).call_indirect(0, callee).end().return_().end();
    code.local_get(saved).global_set(STACK_POINTER);
    code.global_get(THREW).i32_load(word).i32_eqz().if_(BlockType::Empty);
    code.global_get(THREW).i32_const(1).i32_store(word);
    code.global_get(THREW_VALUE).i32_const(0).i32_store(word).end();
    match result {
        None => {}
        Some(ValType::I64) => drop(code.i64_const(0)),
        Some(ValType::F32) => drop(code.f32_const(0.0.into())),
        Some(ValType::F64) => drop(code.f64_const(0.0.into())),
        Some(_) => drop(code.i32_const(0)),
    }
    code.end();
    body
}
