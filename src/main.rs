use afcheck::engine::embedded::*;
use std::sync::Arc;
use std::time::Instant;
fn go() {
    let a: Vec<String> = std::env::args().collect();
    let cfg = config::config(Some(Arc::new(memory::Creator)));
    let engine = wasmtime::Engine::new(&cfg).unwrap();
    let t = Instant::now();
    #[allow(unsafe_code)]
    let module = unsafe { wasmtime::Module::deserialize_file(&engine, format!("{}.cwasm", a[1])).unwrap() };
    eprintln!("load {:?}", t.elapsed());
    let inv = wasmtime::Module::new(&engine, std::fs::read(format!("{}.inv", a[1])).unwrap()).unwrap();
    eprintln!("load {:?}", t.elapsed());
    let sym: &'static [u8] = std::fs::read(format!("{}.sym", a[1])).unwrap().leak();
    let p = Arc::new(instance::Program { engine, module, invoke_helper: inv, symbols: Arc::new(rewrite::SymbolFile::new(sym).unwrap()),
        layout: instance::Layout { first_global: 269, globals: vec![1676992,0,0,0,0,0,0,0,0,0,244,248] }, library: "/tmp/pkg/lib".into() });
    let mut l = instance::Instance::new(&p, instance::INITIAL_PAGES, host::Files::library(p.library.clone())).unwrap();
    eprintln!("inst {:?}", t.elapsed());
    boot::initialise(&mut l).unwrap();
    eprintln!("boot {:?} {}", t.elapsed(), l.memory_size() >> 20);
    let e = boot::import(&mut l, &std::env::var("IMP").unwrap_or("Init".into()).split(',').map(String::from).collect::<Vec<_>>()).unwrap().unwrap();
    eprintln!("import {:?} {} {}", t.elapsed(), e, l.memory_size() >> 20);

    let dir = std::path::Path::new("/tmp/art/snap"); let _ = std::fs::remove_dir_all(dir);
    snapshot::Snapshot::write(&mut l, e, &Default::default(), &["Init".to_string()], dir).unwrap();
    eprintln!("snap {:?}", t.elapsed());
    let s = snapshot::Snapshot::open(dir).unwrap();
    drop(l);
    let t = Instant::now();
    let mut l = s.instantiate(&p).unwrap();
    eprintln!("inst {:?}", t.elapsed());
    for f in &a[2..] {
        let text = std::fs::read_to_string(f).unwrap();
        for part in text.split("-- SPLIT\n") {
        let t = Instant::now();
        if !l.reset(&s.registers, 1 << 30).unwrap() { l = s.instantiate(&p).unwrap(); }
        l.set_heartbeats_left(2_000_000_000);
        l.store.set_epoch_deadline(1 << 40);
        let t1 = t.elapsed();
        let mut run = || -> Result<(), instance::Failure> {
            let x = elaborate::open_text(&mut l, part)?;
            println!("=== {} {:?} {:?}", part.lines().next().unwrap_or(""), x.header, x.messages);
            let st = elaborate::start_state(&mut l, s.environment)?;
            let st = elaborate::run(&mut l, &x, st, &mut |c| {
                println!("  {} {:?} {:?} notrun={:?} esc={:?} ex={:?}", c.facts.kind, c.facts.range, c.facts.declarations, c.facts.not_run, c.escaped, c.example);
                for m in c.parse_messages { println!("    P {:?}", m); }
                for m in c.messages { println!("    {:?} {:?} {:?} {}", m.severity, m.start, m.end, m.text); }
            })?;
            let e = elaborate::state_environment(&l, st)?;
            let cs = audit::added_constants(&mut l, e, &s.base_constants)?;
            let t = Instant::now();
            let ax = audit::axioms(&mut l, e, &cs)?;
            println!("  added {:?} axioms {:?} {:?}", cs.iter().map(|c| l.read_name(c.name).unwrap()).collect::<Vec<_>>(), ax, t.elapsed());
            Ok(())
        };
        if let Err(e) = run() { println!("  FAILED {e:?}"); }
        println!("  time {:?} (reset {:?}) hb {} mem {} out {:?} denied {:?} throws {}", t.elapsed(), t1, 2_000_000_000 - l.heartbeats_left(), l.memory_size() >> 20, String::from_utf8_lossy(&l.store.data().output), l.store.data().files.denied(), l.store.data().exceptions.thrown);
        }
    }
}
fn main() {
    std::thread::Builder::new().stack_size(400 << 20).spawn(go).unwrap().join().unwrap();
}
