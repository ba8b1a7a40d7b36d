//! Linear memories that can be reset to a snapshot. Owns all `mmap` calls and the unsafe code of the engine.
//!
//! A memory is a reservation of 4 GiB plus a guard; the snapshot file is mapped privately over its beginning, so a
//! check pays for the pages it writes, and a reset makes exactly those what they were. Most checks write the same
//! pages: a reset copies the first thousands back and gives only the others to the system, since a page that is faulted
//! in again costs ten times its copy, and more where two workers share the page tables.

#![expect(
    unsafe_code,
    reason = "mapping files over a wasm memory cannot be expressed safely; every block says why it holds"
)]

use rustix::mm::{MapFlags, ProtFlags};
use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::ptr;
use std::sync::OnceLock;
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

/// The pages of a memory that resets copy back: those written first.
#[derive(Default)]
pub struct Kept {
    /// One bit per page.
    bits: Vec<u64>,
    count: usize,
}

impl Kept {
    /// Pages that are kept at most. More make every reset dearer than the page faults it saves.
    const MOST: usize = 4096;

    /// True if page `index` is kept, which it is from now on if there is room.
    fn keeps(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        if self.bits[word] & bit == 0 && self.count < Self::MOST {
            self.bits[word] |= bit;
            self.count += 1;
        }
        self.bits[word] & bit != 0
    }
}

/// Makes every page written since [`map_snapshot`] what it was: `original` in the mapped part, zero behind it.
pub fn reset(memory: Memory, store: &mut impl AsContextMut, original: &[u8], kept: &mut Kept) -> io::Result<()> {
    let mut store = store.as_context_mut();
    let data = memory.data_mut(&mut store);
    let Ok(written) = written_ranges(data) else {
        // Before Linux 6.7.
        return give_back(data);
    };
    let page = rustix::param::page_size();
    for range in written {
        let mut at = range.start;
        while at < range.end {
            let keeps = kept.keeps(at / page);
            let mut end = at + page;
            while end < range.end && kept.keeps(end / page) == keeps {
                end += page;
            }
            let part = &mut data[at..end];
            if keeps {
                let mapped = original.len().clamp(at, end) - at;
                part[..mapped].copy_from_slice(&original[at.min(original.len())..][..mapped]);
                part[mapped..].fill(0);
            } else {
                give_back(part)?;
            }
            at = end;
        }
    }
    Ok(())
}

/// Gives pages back to the system: they read as the file again, or as zeroes.
fn give_back(pages: &mut [u8]) -> io::Result<()> {
    // SAFETY: part of our own private mapping, borrowed exclusively; afterwards its pages are the file's or zero.
    unsafe { rustix::mm::madvise(pages.as_mut_ptr().cast(), pages.len(), rustix::mm::Advice::LinuxDontNeed)? };
    Ok(())
}

/// Offsets of the pages that differ from `original`, or from zero behind its end.
pub fn changed_pages(memory: Memory, store: &mut impl AsContextMut, original: &[u8]) -> io::Result<Vec<usize>> {
    let store = store.as_context_mut();
    let data = memory.data(&store);
    let page = rustix::param::page_size();
    let pages = written_ranges(data).or_else(|_| written_pages(data))?.into_iter().flat_map(|r| r.step_by(page));
    let differs = |at: &usize| match original.get(*at..at + page) {
        Some(was) => data[*at..at + page] != *was,
        None => data[*at..at + page].iter().any(|byte| *byte != 0),
    };
    Ok(pages.filter(differs).collect())
}

/// `PAGEMAP_SCAN` (Documentation/admin-guide/mm/pagemap.rst): argument and answer of the system call.
mod scan {
    pub const SIZE: u64 = size_of::<Arguments>() as u64;
    pub const OF_FILE: u64 = 1 << 2;
    pub const PRESENT: u64 = 1 << 3;
    pub const SWAPPED: u64 = 1 << 4;
    pub const ZERO_PAGE: u64 = 1 << 5;

    /// `struct pm_scan_arg`.
    #[repr(C)]
    #[derive(Default)]
    pub struct Arguments {
        pub size: u64,
        pub flags: u64,
        pub start: u64,
        pub end: u64,
        pub walk_end: u64,
        pub vec: u64,
        pub vec_len: u64,
        pub max_pages: u64,
        pub category_inverted: u64,
        pub category_mask: u64,
        pub category_anyof_mask: u64,
        pub return_mask: u64,
    }

    /// `struct page_region`.
    #[repr(C)]
    #[derive(Clone, Copy, Default)]
    pub struct Region {
        pub start: u64,
        pub end: u64,
        pub categories: u64,
    }

    /// `_IOWR('f', 16, struct pm_scan_arg)`.
    pub const OPCODE: rustix::ioctl::Opcode = rustix::ioctl::opcode::read_write::<Arguments>(b'f', 16);
}

/// Byte ranges of the pages of `data` that are private to this process: written at some time since they were mapped or
/// given back. An error where the kernel is older than the question.
fn written_ranges(data: &[u8]) -> io::Result<Vec<Range<usize>>> {
    static PAGEMAP: OnceLock<io::Result<File>> = OnceLock::new();
    let file = PAGEMAP.get_or_init(|| File::open("/proc/self/pagemap"));
    let file = file.as_ref().map_err(|e| io::Error::from(e.kind()))?;
    let base = data.as_ptr().addr();
    let (mut found, mut regions) = (Vec::new(), [scan::Region::default(); 512]);
    let mut arguments = scan::Arguments {
        size: scan::SIZE,
        start: base as u64,
        end: (base + data.len()) as u64,
        vec: regions.as_mut_ptr().addr() as u64,
        vec_len: regions.len() as u64,
        category_inverted: scan::OF_FILE | scan::ZERO_PAGE,
        category_mask: scan::OF_FILE | scan::ZERO_PAGE,
        category_anyof_mask: scan::PRESENT | scan::SWAPPED,
        return_mask: scan::PRESENT,
        ..Default::default()
    };
    while arguments.start < arguments.end {
        // SAFETY: the opcode is that of the argument's type, and `vec` points to `vec_len` regions that outlive the call.
        let filled = unsafe { rustix::ioctl::ioctl(file, Scan(&mut arguments))? };
        let offset = |address: u64| address as usize - base;
        found.extend(regions[..filled].iter().map(|r| offset(r.start)..offset(r.end)));
        arguments.start = arguments.walk_end;
    }
    Ok(found)
}

struct Scan<'a>(&'a mut scan::Arguments);

// SAFETY: the opcode belongs to the argument, which the pointer points to; the kernel answers with a count.
unsafe impl rustix::ioctl::Ioctl for Scan<'_> {
    type Output = usize;
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> rustix::ioctl::Opcode {
        scan::OPCODE
    }

    fn as_ptr(&mut self) -> *mut c_void {
        ptr::from_mut(self.0).cast()
    }

    unsafe fn output_from_ptr(out: rustix::ioctl::IoctlOutput, _: *mut c_void) -> rustix::io::Result<usize> {
        Ok(out as usize)
    }
}

/// The same from the words of `/proc/self/pagemap`, on any kernel and slower. Pages that were only read may be among
/// them where they are zero.
fn written_pages(data: &[u8]) -> io::Result<Vec<Range<usize>>> {
    // One word per page: in memory, in swap, of a file.
    const PRESENT: u64 = 1 << 63;
    const SWAPPED: u64 = 1 << 62;
    const OF_FILE: u64 = 1 << 61;
    let page = rustix::param::page_size();
    let mut words = vec![0u8; data.len().div_ceil(page) * 8];
    File::open("/proc/self/pagemap")?.read_exact_at(&mut words, (data.as_ptr().addr() / page * 8) as u64)?;
    let word = |bytes: &[u8]| u64::from_ne_bytes(bytes.try_into().expect("eight bytes"));
    let is_written = |word: u64| word & (PRESENT | SWAPPED) != 0 && word & OF_FILE == 0;
    let written = words.chunks_exact(8).enumerate().filter(|(_, bytes)| is_written(word(bytes)));
    Ok(written.map(|(i, _)| i * page..(i + 1) * page).collect())
}

/// A file mapped for reading, for as long as this lives.
pub struct Mapping {
    base: *mut c_void,
    len: usize,
}

// SAFETY: the mapping is read-only and owned.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps all of `file`, which belongs to the cache: nobody changes it in place.
    pub fn new(file: &File) -> io::Result<Self> {
        let len = file.metadata()?.len() as usize;
        if len == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the file is empty"));
        }
        // SAFETY: a fresh private read-only mapping.
        let base = unsafe { rustix::mm::mmap(ptr::null_mut(), len, ProtFlags::READ, MapFlags::PRIVATE, file, 0)? };
        Ok(Mapping { base, len })
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: mapped until drop, and never written: cache files are replaced by renaming.
        unsafe { std::slice::from_raw_parts(self.base.cast(), self.len) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours, and borrows of its bytes have ended.
        unsafe { rustix::mm::munmap(self.base, self.len).expect("a mapping can be unmapped") }
    }
}

/// Maps a file for reading, for as long as the process lives. The file belongs to the cache: nobody changes it in place.
pub fn map_file(file: &File) -> io::Result<&'static [u8]> {
    Ok(Box::leak(Box::new(Mapping::new(file)?)).bytes())
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
