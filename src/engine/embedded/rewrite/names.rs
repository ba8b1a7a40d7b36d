//! Which functions can be found by name. Owns the rule that keeps the table, and with it the compile time, small.
//!
//! Lean's interpreter and its import of attributes look functions up by name (`dlsym`). Of 192,000 exported functions
//! it can meet few: a declaration's `_boxed` wrapper where there is one, its plain function otherwise, and module
//! initialisers. What the compiler split off (lambdas, specialisations, reduced arities) is never named by a
//! declaration. Functions left out are remembered: a check that asks for one is undecided, never wrong.

use std::collections::HashSet;

/// Functions the host itself calls by name.
pub const HOST_FUNCTIONS: [&str; 53] = [
    "_ZN4lean15save_stack_infoEb",
    "l_Lean_CollectAxioms_collect",
    "l_Lean_Elab_Command_mkState",
    "l_Lean_Elab_Frontend_elabCommandAtFrontend",
    "l_Lean_Environment_setMainModule",
    "l_Lean_KVMap_setBool",
    "l_Lean_Kernel_Exception_toMessageData",
    "l_Lean_MessageData_ofExpr",
    "l_Lean_MessageData_toString",
    "l_Lean_MessageLog_toList",
    "l_Lean_Name_num___override",
    "l_Lean_Name_str___override",
    "l_Lean_Parser_isTerminalCommand",
    "l_Lean_Parser_mkInputContext___redArg",
    "l_Lean_Parser_parseCommand",
    "l_Lean_Parser_parseHeader",
    "l_Lean_getOriginalConstKind_x3f",
    "l_Lean_importModules",
    "l_Lean_initSearchPath",
    "lean_add_decl",
    "lean_alloc_object",
    "lean_cstr_to_nat",
    "lean_elab_environment_of_kernel_env",
    "lean_elab_environment_to_kernel_env",
    "lean_enable_initializer_execution",
    "lean_environment_add",
    "lean_environment_find",
    "lean_expr_mk_app",
    "lean_expr_mk_bvar",
    "lean_expr_mk_const",
    "lean_expr_mk_forall",
    "lean_expr_mk_lambda",
    "lean_expr_mk_let",
    "lean_expr_mk_lit",
    "lean_expr_mk_proj",
    "lean_expr_mk_sort",
    "lean_init_task_manager_using",
    "lean_io_error_to_string",
    "lean_io_mark_end_initialization",
    "lean_kernel_check",
    "lean_kernel_is_def_eq",
    "lean_level_mk_imax",
    "lean_level_mk_max",
    "lean_level_mk_param",
    "lean_level_mk_succ",
    "lean_level_mk_zero",
    "lean_mk_empty_local_ctx",
    "lean_mk_metavar_ctx",
    "lean_mk_string_from_bytes",
    "lean_nat_big_add",
    "lean_nat_shiftl",
    "lean_st_mk_ref",
    "lean_st_ref_get",
];

/// Marks of functions that no declaration names.
const SPLIT_OFF: [&str; 6] = ["___lam__", "_spec__", "___redArg", "___closed__", "___at__", "___jp"];

/// The rule, given all exported names.
pub fn callable_by_name<'a>(exports: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    let all: HashSet<&str> = exports.collect();
    let mut boxed = String::new();
    all.iter()
        .copied()
        .filter(|name| {
            if HOST_FUNCTIONS.contains(name) || name.starts_with("initialize_") {
                return true;
            }
            if !name.starts_with("l_") || name.starts_with("l___private") || SPLIT_OFF.iter().any(|m| name.contains(m))
            {
                return false;
            }
            if name.ends_with("___boxed") {
                return true;
            }
            boxed.clear();
            boxed.push_str(name);
            boxed.push_str("___boxed");
            !all.contains(boxed.as_str())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxed_wrappers_stand_for_their_functions() {
        let exports =
            ["l_A_f", "l_A_f___boxed", "l_A_g", "l_A_h___lam__0", "l___private_X", "initialize_A", "_ZN3fooE"];
        let wanted = callable_by_name(exports.into_iter().chain(["lean_st_mk_ref"]));
        assert_eq!(wanted, HashSet::from(["l_A_f___boxed", "l_A_g", "initialize_A", "lean_st_mk_ref"]));
    }
}
