//! Clock, environment, random numbers, memory growth, process exit, symbols. Owns the rule that an instance learns
//! nothing of the machine: time stands still, random numbers are a fixed sequence, the environment is empty.

use super::{Access, HostState, HostStop, call, define};
use crate::engine::embedded::rewrite::Symbol;
use wasmtime::{Caller, Func, FuncType, Store, Val};

/// What every clock says, in nanoseconds: 2023-11-14. A budget, not a clock, ends a check.
const FROZEN_CLOCK: u64 = 1_700_000_000_000_000_000;

/// Memory grows in steps of this size at least, so that growing is rare without being wasteful.
const GROWTH_STEP: u64 = 4 << 20;
const PAGE: u64 = 64 << 10;

/// `EM_ASM` blocks of this build, by the address of their source text: the two that answer something.
const ASM_APPLICATION_PATH: u64 = 943_765;
const ASM_ASSERTION: u64 = 943_294;

pub(super) fn import(store: &mut Store<HostState>, name: &str, ty: &FuncType) -> Option<Func> {
    Some(match name {
        "emscripten_asm_const_int" => define(store, ty, |c, a| asm_const(c, a[0], a[2] as u32)),
        "_dlsym_js" => define(store, ty, |c, a| dlsym(c, a[1] as u32)),
        "emscripten_get_now" => number(store, ty, FROZEN_CLOCK as f64 / 1e6),
        "emscripten_date_now" => number(store, ty, FROZEN_CLOCK as f64 / 1e6),
        "clock_time_get" => define(store, ty, |c, a| {
            let out = a[a.len() - 1] as u32;
            c.set_long(out, FROZEN_CLOCK)?;
            Ok(0)
        }),
        "clock_res_get" => define(store, ty, |c, a| {
            c.set_long(a[1] as u32, 1)?;
            Ok(0)
        }),
        "random_get" => define(store, ty, |c, a| {
            fixed_random(c.bytes(a[0] as u32, a[1] as usize)?);
            Ok(0)
        }),
        "environ_sizes_get" => define(store, ty, |c, a| {
            c.set_word(a[0] as u32, 0)?;
            c.set_word(a[1] as u32, 0)?;
            Ok(0)
        }),
        "environ_get"
        | "emscripten_check_blocking_allowed"
        | "_emscripten_thread_mailbox_await"
        | "_emscripten_thread_set_strongref"
        | "_emscripten_notify_mailbox_postmessage"
        | "_tzset_js"
        | "_emscripten_runtime_keepalive_clear" => define(store, ty, |_, _| Ok(0)),
        "emscripten_get_heap_max" => define(store, ty, |_, _| Ok(1 << 31)),
        "emscripten_num_logical_cores" => define(store, ty, |_, _| Ok(1)),
        "emscripten_resize_heap" => define(store, ty, |c, a| grow(c, a[0])),
        "_emscripten_init_main_thread_js" => define(store, ty, |c, a| {
            let call_backs = c.data().call_backs();
            call(c, call_backs.thread_init, &[a[0] as u32, 0, 1, 0, 65536, 0])?;
            call(c, call_backs.tls_init, &[])
        }),
        "_emscripten_get_progname" => define(store, ty, |c, a| {
            c.bytes(a[0] as u32, 5)?.copy_from_slice(b"lean\0");
            Ok(0)
        }),
        "exit" | "proc_exit" => define(store, ty, |_, a| Err(HostStop::Exit(a[0] as i32).into())),
        "_abort_js" => define(store, ty, |_, _| Err(HostStop::Abort.into())),
        "__assert_fail" => define(store, ty, |c, a| {
            let text = [c.c_string(a[0] as u32)?, b" in ".to_vec(), c.c_string(a[1] as u32)?].concat();
            Err(HostStop::Assertion(String::from_utf8_lossy(&text).into_owned()).into())
        }),
        _ => return None,
    })
}

/// The same bytes every time, on every machine.
pub(super) fn fixed_random(buffer: &mut [u8]) {
    buffer.iter_mut().enumerate().for_each(|(i, b)| *b = (i as u8).wrapping_mul(97).wrapping_add(13));
}

fn number(store: &mut Store<HostState>, ty: &FuncType, value: f64) -> Func {
    Func::new(store, ty.clone(), move |_, _, results| {
        results[0] = Val::F64(value.to_bits());
        Ok(())
    })
}

fn asm_const(c: &mut Caller<'_, HostState>, code: u64, arguments: u32) -> super::Answer {
    match code {
        ASM_APPLICATION_PATH => {
            let path = format!("{}/bin/lean\0", super::files::GUEST_ROOT);
            let malloc = c.data().call_backs().malloc;
            let at = call(c, malloc, &[path.len() as u32])?;
            c.bytes(at, path.len())?.copy_from_slice(path.as_bytes());
            Ok(at)
        }
        ASM_ASSERTION => {
            let (file, line, condition) = (c.word(arguments)?, c.word(arguments + 4)?, c.word(arguments + 8)?);
            let (file, condition) = (c.c_string(file)?, c.c_string(condition)?);
            let text = format!("{}:{line} {}", String::from_utf8_lossy(&file), String::from_utf8_lossy(&condition));
            Err(HostStop::Assertion(text).into())
        }
        _ => Ok(0),
    }
}

/// `dlsym(RTLD_DEFAULT, name)`: the table slot of a function, the address of a variable, 0 if there is neither.
fn dlsym(c: &mut Caller<'_, HostState>, name: u32) -> super::Answer {
    let name = c.c_string(name)?;
    Ok(match c.data().symbols.find(&name) {
        Some(Symbol::Function(slot)) => slot,
        Some(Symbol::Data(address)) => address,
        None => 0,
        Some(Symbol::LeftOut) => {
            let left_out = &mut c.data_mut().left_out;
            if left_out.len() < 64 {
                left_out.push(String::from_utf8_lossy(&name).into_owned());
            }
            0
        }
    })
}

fn grow(c: &mut Caller<'_, HostState>, wanted: u64) -> super::Answer {
    let memory = c.data().memory();
    let now = memory.data_size(&*c) as u64;
    if wanted <= now {
        return Ok(1);
    }
    let limit = c.data().memory_limit;
    if wanted > limit {
        c.data_mut().memory_refused = true;
        return Ok(0);
    }
    let target = wanted.max(now + GROWTH_STEP).min(limit).div_ceil(PAGE) * PAGE;
    let granted = memory.grow(&mut *c, (target - now) / PAGE).is_ok();
    if !granted {
        c.data_mut().memory_refused = true;
    }
    Ok(u32::from(granted))
}
