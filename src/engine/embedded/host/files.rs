//! The file system an instance sees. Owns the rule of isolation: while the library is imported a read-only tree is
//! visible under fixed names; afterwards nothing is, and every attempt is remembered.
//!
//! Guest paths never depend on the machine, so that snapshots are the same bytes everywhere.

use super::{Access, Answer, HostState, OUTPUT_LIMIT, define};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use wasmtime::{Caller, Func, FuncType, Store};

/// Where the guest believes Lean is installed.
pub const GUEST_ROOT: &str = "/lean";
/// Where the guest looks for `.olean` files.
const GUEST_LIBRARY: &str = "/lean/lib/lean";

/// WASI error numbers, as this libc uses them.
mod errno {
    pub const ACCES: i32 = 2;
    pub const BADF: i32 = 8;
    pub const INVAL: i32 = 28;
    pub const NOENT: i32 = 44;
    pub const NOTTY: i32 = 59;
    pub const ROFS: i32 = 69;
    pub const SPIPE: i32 = 70;
}

/// Something a text tried that isolation refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeniedAccess {
    /// The system call.
    pub call: String,
    /// The path, if it names one.
    pub path: String,
}

enum Open {
    File {
        file: File,
        len: u64,
        position: u64,
    },
    Directory,
    /// `/dev/urandom`, which the C++ runtime opens at start: a fixed sequence.
    Random,
}

/// The visible tree and the open descriptors above 2.
pub struct Files {
    library: Option<PathBuf>,
    open: Vec<Option<Open>>,
    denied: Vec<DeniedAccess>,
}

/// Attempts remembered per check.
const DENIED_LIMIT: usize = 16;

impl Files {
    /// The directory with the `.olean` files is readable.
    pub fn library(root: PathBuf) -> Self {
        Files { library: Some(root), open: vec![], denied: vec![] }
    }

    /// Nothing is readable.
    pub fn none() -> Self {
        Files { library: None, open: vec![], denied: vec![] }
    }

    /// What was refused since the last [`reset`](Self::reset).
    pub fn denied(&self) -> &[DeniedAccess] {
        &self.denied
    }

    /// Closes everything and forgets the refusals.
    pub fn reset(&mut self) {
        self.open.clear();
        self.denied.clear();
    }

    fn deny(&mut self, call: &str, path: &[u8]) {
        if self.denied.len() < DENIED_LIMIT {
            self.denied.push(DeniedAccess { call: call.into(), path: String::from_utf8_lossy(path).into_owned() });
        }
    }

    /// The host path behind a guest path; `Err` is the error number to answer with.
    fn resolve(&mut self, call: &str, path: &[u8]) -> Result<PathBuf, i32> {
        let Some(library) = &self.library else {
            self.deny(call, path);
            return Err(errno::ACCES);
        };
        let relative = std::str::from_utf8(path).ok().and_then(|p| p.strip_prefix(GUEST_LIBRARY));
        match relative.map(|r| r.trim_start_matches('/')) {
            Some(r) if !r.split('/').any(|part| part == "..") => Ok(library.join(r)),
            _ => Err(errno::NOENT),
        }
    }

    fn insert(&mut self, open: Open) -> u32 {
        let free = self.open.iter().position(Option::is_none).unwrap_or(self.open.len());
        if free == self.open.len() {
            self.open.push(None);
        }
        self.open[free] = Some(open);
        free as u32 + 3
    }

    fn get(&mut self, descriptor: u64) -> Option<&mut Open> {
        self.open.get_mut((descriptor as usize).checked_sub(3)?)?.as_mut()
    }
}

/// A negative error number, the convention of `__syscall_*`.
fn failed(number: i32) -> Answer {
    Ok(-number as u32)
}

pub(super) fn import(store: &mut Store<HostState>, name: &str, ty: &FuncType) -> Option<Func> {
    Some(match name {
        "__syscall_openat" => define(store, ty, |c, a| open(c, a[1] as u32, a[2])),
        "__syscall_stat64" => define(store, ty, |c, a| stat_path(c, "stat", a[0] as u32, a[1] as u32)),
        "__syscall_lstat64" => define(store, ty, |c, a| stat_path(c, "lstat", a[0] as u32, a[1] as u32)),
        "__syscall_newfstatat" => define(store, ty, |c, a| stat_path(c, "fstatat", a[1] as u32, a[2] as u32)),
        "__syscall_fstat64" => define(store, ty, |c, a| match a[0] {
            0..=2 => write_stat(c, a[1] as u32, CHARACTER_DEVICE, 0),
            fd => match c.data_mut().files.get(fd) {
                Some(Open::File { len, .. }) => {
                    let len = *len;
                    write_stat(c, a[1] as u32, REGULAR_FILE, len)
                }
                Some(Open::Directory) => write_stat(c, a[1] as u32, DIRECTORY, 0),
                Some(Open::Random) => write_stat(c, a[1] as u32, CHARACTER_DEVICE, 0),
                None => failed(errno::BADF),
            },
        }),
        "__syscall_faccessat" => define(store, ty, |c, a| {
            let path = c.c_string(a[1] as u32)?;
            match c.data_mut().files.resolve("access", &path) {
                Ok(path) if path.exists() => Ok(0),
                Ok(_) => failed(errno::NOENT),
                Err(number) => failed(number),
            }
        }),
        "__syscall_getcwd" => define(store, ty, |c, a| {
            let root = c.bytes(a[0] as u32, 2)?;
            root.copy_from_slice(b"/\0");
            Ok(2)
        }),
        "__syscall_readlinkat" => define(store, ty, |_, _| failed(errno::INVAL)),
        "__syscall_getdents64" => define(store, ty, |_, _| Ok(0)),
        "__syscall_ioctl" => define(store, ty, |_, _| failed(errno::NOTTY)),
        "__syscall_fcntl64" => define(store, ty, |_, a| match a[1] {
            1..=4 | 13 | 14 => Ok(0),
            _ => failed(errno::INVAL),
        }),
        "fd_read" => define(store, ty, |c, a| read(c, a[0], a[1] as u32, a[2] as u32, None, a[3] as u32)),
        "fd_pread" => define(store, ty, |c, a| read(c, a[0], a[1] as u32, a[2] as u32, Some(a[3]), a[4] as u32)),
        "fd_write" => define(store, ty, |c, a| write(c, a[0], a[1] as u32, a[2] as u32, a[3] as u32)),
        "fd_seek" => define(store, ty, |c, a| seek(c, a[0], a[1] as i64, a[2], a[3] as u32)),
        "fd_close" => define(store, ty, |c, a| {
            let files = &mut c.data_mut().files;
            let slot = (a[0] as usize).checked_sub(3).and_then(|i| files.open.get_mut(i));
            Ok(if slot.and_then(Option::take).is_some() { 0 } else { errno::BADF as u32 })
        }),
        "fd_fdstat_get" => define(store, ty, |c, a| {
            let stat = c.bytes(a[1] as u32, 24)?;
            stat.fill(0);
            stat[0] = if a[0] < 3 { 2 } else { 4 };
            Ok(0)
        }),
        "fd_sync" => define(store, ty, |_, _| Ok(0)),
        _ => return other_system_call(store, name, ty),
    })
}

/// Every other system call is refused, not trapped: Lean turns the error into an exception of the text that tried.
fn other_system_call(store: &mut Store<HostState>, name: &str, ty: &FuncType) -> Option<Func> {
    let call =
        name.strip_prefix("__syscall_").or_else(|| (name == "_emscripten_system").then_some("system"))?.to_owned();
    Some(define(store, ty, move |c, _| {
        c.data_mut().files.deny(&call, b"");
        failed(errno::ACCES)
    }))
}

fn open(c: &mut Caller<'_, HostState>, path: u32, flags: u64) -> Answer {
    let path = c.c_string(path)?;
    let files = &mut c.data_mut().files;
    if path == b"/dev/urandom" && files.library.is_some() {
        return Ok(files.insert(Open::Random));
    }
    let host_path = match files.resolve("open", &path) {
        Ok(path) => path,
        Err(number) => return failed(number),
    };
    if flags & 3 != 0 {
        files.deny("open for writing", &path);
        return failed(errno::ROFS);
    }
    let Ok(file) = File::open(&host_path) else { return failed(errno::NOENT) };
    let Ok(metadata) = file.metadata() else { return failed(errno::ACCES) };
    let open = match metadata.is_dir() {
        true => Open::Directory,
        false => Open::File { file, len: metadata.len(), position: 0 },
    };
    Ok(files.insert(open))
}

const REGULAR_FILE: u32 = 0o100_444;
const DIRECTORY: u32 = 0o040_555;
const CHARACTER_DEVICE: u32 = 0o020_666;

fn stat_path(c: &mut Caller<'_, HostState>, call: &str, path: u32, out: u32) -> Answer {
    let path = c.c_string(path)?;
    let host_path = match c.data_mut().files.resolve(call, &path) {
        Ok(path) => path,
        Err(number) => return failed(number),
    };
    match std::fs::metadata(host_path) {
        Ok(m) if m.is_dir() => write_stat(c, out, DIRECTORY, 0),
        Ok(m) => write_stat(c, out, REGULAR_FILE, m.len()),
        Err(_) => failed(errno::NOENT),
    }
}

/// emscripten's `struct stat`, 96 bytes; times and inode numbers stay zero so that nothing of the machine shows.
fn write_stat(c: &mut Caller<'_, HostState>, out: u32, mode: u32, size: u64) -> Answer {
    c.bytes(out, 96)?.fill(0);
    c.set_word(out, 1)?;
    c.set_word(out + 4, mode)?;
    c.set_word(out + 8, 1)?;
    c.set_long(out + 24, size)?;
    c.set_word(out + 32, 4096)?;
    c.set_word(out + 36, size.div_ceil(512) as u32)?;
    Ok(0)
}

fn read(c: &mut Caller<'_, HostState>, fd: u64, iov: u32, count: u32, at: Option<u64>, out: u32) -> Answer {
    let mut total = 0u32;
    for i in 0..count {
        let (base, len) = (c.word(iov + 8 * i)?, c.word(iov + 8 * i + 4)? as usize);
        let memory = c.data().memory();
        let (data, state) = memory.data_and_store_mut(&mut *c);
        let buffer = data.get_mut(base as usize..base as usize + len).ok_or_else(super::outside)?;
        let read = match state.files.get(fd) {
            Some(Open::File { file, position, .. }) => {
                let from = at.map_or(*position, |at| at + u64::from(total));
                let read = file.read_at(buffer, from).unwrap_or(0);
                if at.is_none() {
                    *position += read as u64;
                }
                read
            }
            Some(Open::Random) => {
                super::system::fixed_random(buffer);
                len
            }
            Some(Open::Directory) => return Ok(errno::BADF as u32),
            None if fd == 0 => 0,
            None => return Ok(errno::BADF as u32),
        };
        total += read as u32;
        if read < len {
            break;
        }
    }
    c.set_word(out, total)?;
    Ok(0)
}

fn write(c: &mut Caller<'_, HostState>, fd: u64, iov: u32, count: u32, out: u32) -> Answer {
    if fd != 1 && fd != 2 {
        return Ok(errno::BADF as u32);
    }
    let mut total = 0u32;
    for i in 0..count {
        let (base, len) = (c.word(iov + 8 * i)?, c.word(iov + 8 * i + 4)?);
        let memory = c.data().memory();
        let (data, state) = memory.data_and_store_mut(&mut *c);
        let bytes = data.get(base as usize..base as usize + len as usize).ok_or_else(super::outside)?;
        let room = OUTPUT_LIMIT.saturating_sub(state.output.len());
        state.output.extend(&bytes[..bytes.len().min(room)]);
        total += len;
    }
    c.set_word(out, total)?;
    Ok(0)
}

fn seek(c: &mut Caller<'_, HostState>, fd: u64, offset: i64, whence: u64, out: u32) -> Answer {
    let new = match c.data_mut().files.get(fd) {
        Some(Open::File { len, position, .. }) => {
            let base = match whence {
                0 => 0,
                1 => *position,
                _ => *len,
            };
            let Some(new) = base.checked_add_signed(offset) else { return Ok(errno::INVAL as u32) };
            *position = new;
            new
        }
        Some(Open::Directory | Open::Random) => 0,
        None if fd < 3 => return Ok(errno::SPIPE as u32),
        None => return Ok(errno::BADF as u32),
    };
    c.set_long(out, new)?;
    Ok(0)
}
