//! From a fresh instance to a Lean with its imports: the trusted start, before any candidate exists.

use super::instance::{Failure, Instance};
use super::object::NIL;

/// C shadow stack of an instance. The linker's default of 64 KiB is far too small for an elaborator; Lean's own stack
/// check measures against this one.
const SHADOW_STACK: u32 = 128 << 20;

/// `OLeanLevel.private`: as for a file without `module`; missing private parts are skipped by Lean.
const LEVEL_PRIVATE: u32 = 2;

/// Runs constructors and Lean's own initialisation. Leaves an instance that can import modules.
pub fn initialise(lean: &mut Instance) -> Result<(), Failure> {
    lean.call(super::rewrite::START_EXPORT, &[])?;
    lean.call("__wasm_call_ctors", &[])?;
    let base = lean.call("memalign", &[65536, SHADOW_STACK])?;
    let top = base + SHADOW_STACK - 64;
    lean.call("emscripten_stack_set_limits", &[top, base])?;
    lean.set_stack_pointer(top);
    lean.call("lean_initialize", &[])?;
    // Measured from the new stack: the main thread's own limits of this runtime have a negative size.
    lean.call("_ZN4lean15save_stack_infoEb", &[0])?;
    let root = lean.string(super::host::GUEST_ROOT)?;
    let result = lean.call("l_Lean_initSearchPath", &[root, NIL])?;
    lean.expect_io(result, "initSearchPath")?;
    let result = lean.call("lean_enable_initializer_execution", &[])?;
    lean.expect_io(result, "enableInitializersExecution")?;
    lean.call("lean_io_mark_end_initialization", &[])?;
    // One worker on paper: the rewritten task manager runs every task at once.
    lean.call("lean_init_task_manager_using", &[1])?;
    Ok(())
}

/// `Options` with `Elab.async` off: every declaration is checked before the next command starts.
pub fn options(lean: &mut Instance) -> Result<u32, Failure> {
    let empty = lean.constant("l_Lean_Options_empty")?;
    lean.retain(empty)?;
    set_option(lean, empty, &["Elab", "async"], false)
}

/// `options` with a Boolean option set; takes ownership of them.
pub fn set_option(lean: &mut Instance, options: u32, name: &[&str], value: bool) -> Result<u32, Failure> {
    let name = lean.name(name)?;
    lean.call("l_Lean_KVMap_setBool", &[options, name, u32::from(value)])
}

/// Imports core modules (`Init`, `Std.*`, `Lean.*`) and returns the environment, or Lean's error.
pub fn import(lean: &mut Instance, modules: &[String]) -> Result<Result<u32, String>, Failure> {
    let mut imports = Vec::new();
    for module in modules {
        let components: Vec<&str> = module.split('.').collect();
        let name = lean.name(&components)?;
        // importAll, isExported, isMeta
        imports.push(lean.constructor(0, &[name], &[0, 1, 0, 0])?);
    }
    let imports = lean.array(&imports)?;
    let options = options(lean)?;
    let plugins = lean.array(&[])?;
    let (trust, leak, load_extensions, no_artifacts) = (0, 1, 1, super::object::EMPTY_NAME_SET);
    let args = [imports, options, trust, plugins, leak, load_extensions, LEVEL_PRIVATE, no_artifacts];
    let result = lean.call("l_Lean_importModules", &args)?;
    let environment = match lean.io_result(result)? {
        Ok(environment) => environment,
        Err(error) => return Ok(Err(error)),
    };
    // The name `lean FILE` gives a file it compiles without a module name.
    let main_module = lean.name(&["_stdin"])?;
    lean.retain(environment)?;
    lean.call("l_Lean_Environment_setMainModule", &[environment, main_module]).map(Ok)
}
