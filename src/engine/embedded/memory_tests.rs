//! Resets under random writes: no byte of one check is seen by the next, whether its page is kept or given back.

use super::{Kept, Mapping, changed_pages, map_snapshot, reset};
use crate::engine::embedded::config::config;
use std::io::Write;
use wasmtime::{Engine, Memory, MemoryType, Store};

/// 8 MiB of snapshot in 48 MiB of memory.
const MAPPED: usize = 8 << 20;
const SIZE: u64 = 48 << 20;

#[test]
fn a_reset_leaves_nothing_behind() {
    let engine = Engine::new(&config()).expect("an engine");
    let mut store = Store::new(&engine, ());
    let ty = MemoryType::builder().min(SIZE >> 16).max(Some(SIZE >> 16)).build().expect("a type");
    let memory = Memory::new(&mut store, ty).expect("a memory");
    let original: Vec<u8> = (0..MAPPED).map(|at| (at / 7) as u8).collect();
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&original).expect("written");
    map_snapshot(memory, &mut store, &file, MAPPED).expect("mapped");
    let mapping = Mapping::new(&file).expect("mapped");
    let (mut kept, mut state) = (Kept::default(), 7u64);
    // Few pages, more than are kept, and few again: those may lie among the kept ones or not.
    for pages in [100, 6000, 50, 9000, 300] {
        for _ in 0..pages {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (state >> 20) as usize % (SIZE as usize);
            memory.data_mut(&mut store)[at] = 0xA5 ^ (state >> 56) as u8 | 1;
        }
        let changed = changed_pages(memory, &mut store, mapping.bytes()).expect("scanned");
        assert!(changed.len() > pages / 2 && changed.len() <= pages, "{} of {pages}", changed.len());
        reset(memory, &mut store, mapping.bytes(), &mut kept).expect("reset");
        let data = memory.data(&store);
        assert!(data[..MAPPED] == original, "the mapped part reads as the file after {pages} writes");
        assert!(data[MAPPED..].iter().all(|byte| *byte == 0), "the rest reads as zero after {pages} writes");
        assert_eq!(changed_pages(memory, &mut store, mapping.bytes()).expect("scanned"), Vec::<usize>::new());
    }
    assert_eq!(kept.count, Kept::MOST);
}
