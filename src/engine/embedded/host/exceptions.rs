//! The Itanium C++ exception ABI as emscripten's JavaScript implements it (`lib/libexceptions.js`). Owns the list of
//! caught exceptions; the throws themselves are wasm instructions of the `invoke_*` helper.

use super::{Access, Answer, HostState, call, define};
use wasmtime::{Caller, Func, FuncType, Store};

/// Exceptions in flight in one instance. Pointers are to the thrown objects.
#[derive(Default)]
pub struct Exceptions {
    last: u32,
    caught: Vec<u32>,
    uncaught: u32,
    /// Number of throws since the instance was made: each costs a little memory outside the instance.
    pub thrown: u64,
}

impl Exceptions {
    /// Forgets what is in flight. Throws stay counted: what they use up is the store's, over its whole life.
    pub(super) fn reset(&mut self) {
        *self = Exceptions { thrown: self.thrown, ..Exceptions::default() };
    }
}

/// Offsets in the 24-byte header before a thrown object.
mod header {
    pub const SIZE: u32 = 24;
    pub const TYPE: u32 = 4;
    pub const DESTRUCTOR: u32 = 8;
    pub const CAUGHT: u32 = 12;
    pub const RETHROWN: u32 = 13;
    pub const ADJUSTED: u32 = 16;
}

fn info(pointer: u32) -> u32 {
    pointer.wrapping_sub(header::SIZE)
}

pub(super) fn import(store: &mut Store<HostState>, name: &str, ty: &FuncType) -> Option<Func> {
    if name.starts_with("__cxa_find_matching_catch_") {
        return Some(define(store, ty, |c, types| {
            let types: Vec<u32> = types.iter().map(|t| *t as u32).collect();
            find_matching_catch(c, &types)
        }));
    }
    Some(match name {
        "__cxa_throw" => define(store, ty, |c, a| throw(c, a[0] as u32, a[1] as u32, a[2] as u32)),
        "__resumeException" => define(store, ty, |c, a| {
            let exceptions = &mut c.data_mut().exceptions;
            exceptions.thrown += 1;
            if exceptions.last == 0 {
                exceptions.last = a[0] as u32;
            }
            Ok(0)
        }),
        "__cxa_rethrow" => define(store, ty, |c, _| rethrow(c)),
        "__cxa_rethrow_primary_exception" => define(store, ty, |c, a| {
            let pointer = a[0] as u32;
            *c.byte(info(pointer) + header::CAUGHT)? = 0;
            *c.byte(info(pointer) + header::RETHROWN)? = 1;
            let exceptions = &mut c.data_mut().exceptions;
            exceptions.thrown += 1;
            exceptions.uncaught += 1;
            exceptions.last = pointer;
            Ok(0)
        }),
        "__cxa_begin_catch" => define(store, ty, |c, a| begin_catch(c, a[0] as u32)),
        "__cxa_end_catch" => define(store, ty, |c, _| end_catch(c)),
        "__cxa_current_primary_exception" => define(store, ty, |c, _| {
            let Some(pointer) = c.data().exceptions.caught.last().copied() else { return Ok(0) };
            let increment = c.data().call_backs().increment_refcount;
            call(c, increment, &[pointer])?;
            Ok(pointer)
        }),
        "__cxa_uncaught_exceptions" => define(store, ty, |c, _| Ok(c.data().exceptions.uncaught)),
        "llvm_eh_typeid_for" => define(store, ty, |_, a| Ok(a[0] as u32)),
        _ => return None,
    })
}

fn throw(c: &mut Caller<'_, HostState>, pointer: u32, ty: u32, destructor: u32) -> Answer {
    c.set_word(info(pointer) + header::ADJUSTED, 0)?;
    c.set_word(info(pointer) + header::TYPE, ty)?;
    c.set_word(info(pointer) + header::DESTRUCTOR, destructor)?;
    let exceptions = &mut c.data_mut().exceptions;
    exceptions.thrown += 1;
    exceptions.last = pointer;
    exceptions.uncaught += 1;
    Ok(0)
}

fn rethrow(c: &mut Caller<'_, HostState>) -> Answer {
    let exceptions = &mut c.data_mut().exceptions;
    exceptions.thrown += 1;
    let pointer = exceptions.caught.pop().ok_or_else(|| wasmtime::Error::msg("rethrow without an exception"))?;
    exceptions.last = pointer;
    if *c.byte(info(pointer) + header::RETHROWN)? == 0 {
        *c.byte(info(pointer) + header::RETHROWN)? = 1;
        *c.byte(info(pointer) + header::CAUGHT)? = 0;
        let exceptions = &mut c.data_mut().exceptions;
        exceptions.caught.push(pointer);
        exceptions.uncaught += 1;
    }
    Ok(0)
}

fn find_matching_catch(c: &mut Caller<'_, HostState>, types: &[u32]) -> Answer {
    let call_backs = c.data().call_backs();
    let thrown = c.data().exceptions.last;
    if thrown == 0 {
        call(c, call_backs.set_temp_ret, &[0])?;
        return Ok(0);
    }
    c.set_word(info(thrown) + header::ADJUSTED, thrown)?;
    let ty = c.word(info(thrown) + header::TYPE)?;
    if ty == 0 {
        call(c, call_backs.set_temp_ret, &[0])?;
        return Ok(thrown);
    }
    for &candidate in types {
        if candidate == 0 || candidate == ty {
            break;
        }
        let adjusted = info(thrown) + header::ADJUSTED;
        if call(c, call_backs.can_catch, &[candidate, ty, adjusted])? & 0xff != 0 {
            call(c, call_backs.set_temp_ret, &[candidate])?;
            return Ok(thrown);
        }
    }
    call(c, call_backs.set_temp_ret, &[ty])?;
    Ok(thrown)
}

fn begin_catch(c: &mut Caller<'_, HostState>, pointer: u32) -> Answer {
    let caught = c.byte(info(pointer) + header::CAUGHT)?;
    let first = *caught == 0;
    *caught = 1;
    *c.byte(info(pointer) + header::RETHROWN)? = 0;
    let exceptions = &mut c.data_mut().exceptions;
    if first {
        exceptions.uncaught = exceptions.uncaught.saturating_sub(1);
    }
    exceptions.caught.push(pointer);
    let call_backs = c.data().call_backs();
    call(c, call_backs.increment_refcount, &[pointer])?;
    call(c, call_backs.exception_pointer, &[pointer])
}

fn end_catch(c: &mut Caller<'_, HostState>) -> Answer {
    let call_backs = c.data().call_backs();
    call(c, call_backs.set_threw, &[0, 0])?;
    if let Some(pointer) = c.data_mut().exceptions.caught.pop() {
        call(c, call_backs.decrement_refcount, &[pointer])?;
    }
    c.data_mut().exceptions.last = 0;
    Ok(0)
}
