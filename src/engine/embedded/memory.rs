//! Linear memories that can be reset to a snapshot. Owns all `mmap` calls and the unsafe code of the engine.
//!
//! A memory is a reservation of 4 GiB plus a guard; the snapshot file is mapped privately over its beginning, so a
//! check pays for the pages it writes and a reset gives exactly those back.

#![expect(
    unsafe_code,
    reason = "mapping files over a wasm memory cannot be expressed safely; every block says why it holds"
)]

use rustix::mm::{MapFlags, ProtFlags};
use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::ptr;
use wasmtime::{AsContextMut, LinearMemory, Memory, MemoryCreator, MemoryType};

/// Creates the memories of the engine.
pub struct Creator;

struct Reservation {
    base: *mut c_void,
    capacity: usize,
    total: usize,
    size: usize,
}

// SAFETY: the pointer owns its mapping; nothing else refers to it but the memory built from it.
unsafe impl Send for Reservation {}
// SAFETY: shared references only read the plain fields.
unsafe impl Sync for Reservation {}

impl Drop for Reservation {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and its memory is gone with us.
        unsafe { rustix::mm::munmap(self.base, self.total).expect("a reservation can be unmapped") }
    }
}

// SAFETY: `as_ptr` stays valid for `byte_capacity` bytes until drop, growing never moves it.
unsafe impl LinearMemory for Reservation {
    fn byte_size(&self) -> usize {
        self.size
    }

    fn byte_capacity(&self) -> usize {
        self.capacity
    }

    fn grow_to(&mut self, new_size: usize) -> wasmtime::Result<()> {
        if new_size > self.capacity {
            return Err(wasmtime::Error::msg("a memory cannot grow beyond its reservation"));
        }
        // SAFETY: within our own reservation.
        unsafe { rustix::mm::mprotect(self.base, new_size, writable())? };
        self.size = new_size;
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.base.cast()
    }
}

fn writable() -> rustix::mm::MprotectFlags {
    rustix::mm::MprotectFlags::READ | rustix::mm::MprotectFlags::WRITE
}

// SAFETY: the memory returned has the size, capacity and guard asked for.
unsafe impl MemoryCreator for Creator {
    fn new_memory(
        &self,
        _ty: MemoryType,
        minimum: usize,
        maximum: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        let capacity = reserved.unwrap_or_else(|| maximum.unwrap_or(minimum)).max(minimum);
        let total = capacity + guard;
        // SAFETY: a fresh anonymous mapping touches nothing that exists.
        let base = unsafe {
            rustix::mm::mmap_anonymous(
                ptr::null_mut(),
                total,
                ProtFlags::empty(),
                MapFlags::PRIVATE | MapFlags::NORESERVE,
            )
        }
        .map_err(|e| format!("cannot reserve {total} bytes of address space: {e}"))?;
        let mut reservation = Reservation { base, capacity, total, size: 0 };
        reservation.grow_to(minimum).map_err(|e| e.to_string())?;
        Ok(Box::new(reservation))
    }
}

/// Maps the first `len` bytes of `file` privately over the beginning of `memory`.
pub fn map_snapshot(memory: Memory, store: &mut impl AsContextMut, file: &File, len: usize) -> io::Result<()> {
    let mut store = store.as_context_mut();
    let data = memory.data_mut(&mut store);
    assert!(len <= data.len(), "the memory holds its snapshot");
    // SAFETY: the range lies within the memory's own readable part, whose bytes we borrow exclusively; a private
    // mapping of a file that only the cache owns behaves like memory.
    unsafe {
        rustix::mm::mmap(
            data.as_mut_ptr().cast(),
            len,
            ProtFlags::READ | ProtFlags::WRITE,
            MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE,
            file,
            0,
        )?;
    }
    Ok(())
}

/// Gives back every page written since [`map_snapshot`]: the mapped part reads as the file again, the rest as zeroes.
pub fn reset(memory: Memory, store: &mut impl AsContextMut) -> io::Result<()> {
    let mut store = store.as_context_mut();
    let data = memory.data_mut(&mut store);
    // SAFETY: our own private mapping, borrowed exclusively; afterwards its pages are the file's or zero.
    unsafe { rustix::mm::madvise(data.as_mut_ptr().cast(), data.len(), rustix::mm::Advice::LinuxDontNeed)? };
    Ok(())
}

/// Offsets of the pages written since [`map_snapshot`] or [`reset`]. Pages that were only read may be among them where
/// they are zero.
pub fn written_pages(memory: Memory, store: &mut impl AsContextMut) -> io::Result<Vec<usize>> {
    // One word per page (Documentation/admin-guide/mm/pagemap.rst): in memory, in swap, of a file.
    const PRESENT: u64 = 1 << 63;
    const SWAPPED: u64 = 1 << 62;
    const OF_FILE: u64 = 1 << 61;
    let store = store.as_context_mut();
    let data = memory.data(&store);
    let page = rustix::param::page_size();
    let mut words = vec![0u8; data.len().div_ceil(page) * 8];
    File::open("/proc/self/pagemap")?.read_exact_at(&mut words, (data.as_ptr().addr() / page * 8) as u64)?;
    let word = |bytes: &[u8]| u64::from_ne_bytes(bytes.try_into().expect("eight bytes"));
    let is_written = |word: u64| word & (PRESENT | SWAPPED) != 0 && word & OF_FILE == 0;
    let written = words.chunks_exact(8).enumerate().filter(|(_, bytes)| is_written(word(bytes)));
    Ok(written.map(|(i, _)| i * page).collect())
}

/// Maps a file for reading, for as long as the process lives. The file belongs to the cache: nobody changes it in place.
pub fn map_file(file: &File) -> io::Result<&'static [u8]> {
    let len = file.metadata()?.len() as usize;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: a fresh private read-only mapping; cache files are replaced by renaming, never written in place.
    unsafe {
        let base = rustix::mm::mmap(ptr::null_mut(), len, ProtFlags::READ, MapFlags::PRIVATE, file, 0)?;
        Ok(std::slice::from_raw_parts(base.cast(), len))
    }
}
