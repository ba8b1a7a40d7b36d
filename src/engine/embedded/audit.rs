//! Questions that trusted code asks the environment itself: which constants a text added, and on which axioms they
//! rest. Owns the reading of `Environment`; nothing here depends on printed text.

use super::instance::{Failure, Instance};
use super::object::{EMPTY_NAME_SET, NIL, boxed, is_scalar};
use super::rebuild::Rebuild;
use crate::lean::kernel::{NameId, Terms, show_name};
use std::collections::{BTreeSet, HashMap, HashSet};

/// `ConstantKind.axiom`, the third constructor of the enumeration.
const KIND_AXIOM: u32 = 2;

/// The `Name` and the `ConstantInfo` object of a constant.
pub type Entry = (u32, u32);

/// `Name` objects of the constants that are not from imported modules, without those in `base` (of library sources).
pub fn added_constants(lean: &mut Instance, environment: u32, base: &HashSet<u32>) -> Result<Vec<u32>, Failure> {
    let mut entries = added_entries(lean, environment)?;
    entries.retain(|(name, _)| !base.contains(name));
    Ok(entries.into_iter().map(|(name, _)| name).collect())
}

/// Names and `ConstantInfo` objects of the constants that are not from imported modules.
pub fn added_entries(lean: &mut Instance, environment: u32) -> Result<Vec<Entry>, Failure> {
    Walk::default().added(lean, environment)
}

/// Walks the constants of environments that grew from one another: those of thousands of examples share nearly all.
#[derive(Default)]
pub struct Walk {
    /// Constants that are passed over: names with `ConstantInfo` objects.
    known: HashSet<Entry>,
    /// Nodes below which there are no others.
    dull: HashSet<u32>,
}

impl Walk {
    /// Passes over these constants from now on.
    pub fn know(&mut self, entries: &[Entry]) {
        self.known.extend(entries);
    }

    /// Names and `ConstantInfo` objects of the constants that are neither from imported modules nor known.
    pub fn added(&mut self, lean: &mut Instance, environment: u32) -> Result<Vec<Entry>, Failure> {
        let mut pending = vec![(root(lean, environment)?, None)];
        let (mut added, mut seen) = (Vec::new(), HashSet::new());
        while let Some((node, left)) = pending.pop() {
            if let Some(children) = left {
                // Behind everything below it.
                let children: Vec<u32> = children;
                if children.iter().all(|child| self.dull.contains(child)) {
                    self.dull.insert(node);
                }
                continue;
            }
            if is_scalar(node) || self.dull.contains(&node) || !seen.insert(node) {
                continue;
            }
            let (mut entries, children) = node_parts(lean, node)?;
            entries.retain(|entry| !self.known.contains(entry));
            if entries.is_empty() {
                pending.push((node, Some(children.clone())));
            }
            pending.extend(children.into_iter().map(|child| (child, None)));
            added.extend(entries);
        }
        Ok(added)
    }
}

/// The tree of the constants added after the imports.
fn root(lean: &mut Instance, environment: u32) -> Result<u32, Failure> {
    lean.retain(environment)?;
    let kernel = lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
    let constants = lean.field(kernel, 0)?;
    // SMap: the second map holds what was added after the imports.
    lean.field(constants, 1)
}

/// `Name` objects of the constants of imported modules.
pub fn imported_constants(lean: &mut Instance, environment: u32) -> Result<Vec<u32>, Failure> {
    lean.retain(environment)?;
    let kernel = lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
    // SMap: the first map is a hash map, of a size and an array of lists.
    let map = lean.field(lean.field(kernel, 0)?, 0)?;
    let mut names = Vec::new();
    for mut list in lean.read_array(lean.field(map, 1)?)? {
        while !is_scalar(list) {
            names.push(lean.field(list, 0)?);
            list = lean.field(list, 2)?;
        }
    }
    Ok(names)
}

/// Entries of a node of the tree, and the nodes below it.
fn node_parts(lean: &Instance, node: u32) -> Result<(Vec<Entry>, Vec<u32>), Failure> {
    if lean.tag(node)? != 0 {
        // A collision node: keys beside values.
        let (names, constants) = (lean.read_array(lean.field(node, 0)?)?, lean.read_array(lean.field(node, 1)?)?);
        return Ok((names.into_iter().zip(constants).collect(), vec![]));
    }
    let (mut entries, mut children) = (Vec::new(), Vec::new());
    for entry in lean.read_array(lean.field(node, 0)?)? {
        match is_scalar(entry) {
            true => {}
            false if lean.tag(entry)? == 0 => entries.push((lean.field(entry, 0)?, lean.field(entry, 1)?)),
            false => children.push(lean.field(entry, 0)?),
        }
    }
    Ok((entries, children))
}

/// True if the environment has the constant `name` (a `Name` object).
pub fn has_constant(lean: &mut Instance, environment: u32, name: u32) -> Result<bool, Failure> {
    lean.retain(environment)?;
    let kernel = lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
    lean.retain(name)?;
    Ok(!is_scalar(lean.call("lean_environment_find", &[kernel, name])?))
}

/// Axioms of library constants, by name; the library of an import set never changes.
pub type LibraryAxioms = HashMap<String, BTreeSet<String>>;

/// Asks a clean instance's `environment` for the axioms of constants of the library and remembers them.
pub fn learn_axioms(
    lean: &mut Instance,
    environment: u32,
    terms: &Terms,
    constants: &[NameId],
    known: &mut LibraryAxioms,
) -> Result<(), Failure> {
    let mut rebuild = Rebuild::default();
    for constant in constants {
        let object = rebuild.name(lean, terms, *constant)?;
        known.insert(show_name(terms, *constant), axioms(lean, environment, &[object])?);
    }
    Ok(())
}

/// The axioms `constants` rest on, rendered structurally. Theorems and unexposed definitions of the library are
/// axioms in the package's exported `.olean` files; Lean's own record of what they were tells them from true axioms.
pub fn axioms(lean: &mut Instance, environment: u32, constants: &[u32]) -> Result<BTreeSet<String>, Failure> {
    let none = lean.array(&[])?;
    let mut state = lean.constructor(0, &[EMPTY_NAME_SET, none], &[])?;
    for constant in constants {
        lean.retain(*constant)?;
        lean.retain(environment)?;
        let result = lean.call("l_Lean_CollectAxioms_collect", &[*constant, environment, state])?;
        state = lean.field(result, 1)?;
        lean.retain(state)?;
    }
    let mut axioms = BTreeSet::new();
    for name in lean.read_array(lean.field(state, 1)?)? {
        lean.retain(name)?;
        lean.retain(environment)?;
        let kind = lean.call("l_Lean_getOriginalConstKind_x3f", &[environment, name])?;
        let original = if is_scalar(kind) { NIL } else { lean.field(kind, 0)? };
        if original == boxed(KIND_AXIOM) {
            axioms.insert(lean.read_name(name)?);
        }
    }
    Ok(axioms)
}
