//! The reports of one small run, as they are read. Owns that run: every verdict, a bad record, hostile text.

use super::*;
use crate::dataset::{ContentHash, Fault, Place, RecordError};
use crate::domain::*;
use crate::runner::events::*;
use std::time::Duration;

fn message(severity: Severity, line: u32, text: &str) -> Message {
    Message { severity, line, column: 2, offset: 0, end: Some((line, 7, 5)), text: text.into(), in_header: false }
}

fn outcome(index: u64, id: &str, verdict: Verdict, messages: Vec<Message>) -> Event {
    let engine = EngineId { lean: "4.28.0".into(), commit: "abc".into(), kind: "embedded" };
    let report = CheckReport {
        messages,
        axioms: vec!["propext".into()],
        declarations: vec!["t".into()],
        heartbeats: 1000 * (index + 1),
        wall: Duration::from_micros(1_500 * (index + 1)),
        ..CheckReport::new(verdict, Mode::Proof, Rung::Axioms, engine)
    };
    let record = Record { index, id: id.into(), code: "x".into(), ..Record::default() };
    Event::Checked(Box::new(Outcome::new(&record, report)))
}

fn bad_record() -> Event {
    Event::BadRecord(Box::new(BadRecord::new(RecordError {
        input: "in.jsonl".into(),
        index: 4,
        id: "4".into(),
        place: Place::Text { line: 5, column: 1 },
        fault: Fault::NoCode,
        hint: None,
    })))
}

fn events() -> Vec<Event> {
    let header = Message { in_header: true, end: None, ..message(Severity::Info, 1, "noted") };
    let rejected = |stage, reason| Verdict::Rejected { stage, reason };
    vec![
        Event::Started(Started { total: None, resumed: 2 }),
        outcome(0, "ok", Verdict::Accepted { level: Rung::Axioms }, vec![header]),
        outcome(
            1,
            "<b>|`@all`",
            rejected(Rung::Statement, Reason::UnknownIdentifier),
            vec![message(Severity::Warning, 1, "w"), message(Severity::Error, 3, "unknown `a`\n\u{1b}[2J & <more>")],
        ),
        outcome(2, "s", rejected(Rung::NoSorry, Reason::Sorry), vec![message(Severity::Warning, 1, "uses `sorry`")]),
        outcome(3, "slow", Verdict::Undecided { cause: Cause::WallClock, detail: "60 s".into() }, vec![]),
        bad_record(),
        outcome(5, "ax", rejected(Rung::Axioms, Reason::Axiom), vec![]),
        Event::Finished(Finished { elapsed: Duration::from_secs(2), cut_short: Some("interrupted".into()) }),
    ]
}

fn written(make: impl FnOnce(&mut Vec<u8>) -> Box<dyn Reporter + '_>) -> String {
    let mut out = Vec::new();
    let mut reporter = make(&mut out);
    events().iter().for_each(|event| reporter.on(event).unwrap());
    reporter.finish().unwrap();
    drop(reporter);
    String::from_utf8(out).unwrap()
}

#[test]
fn jsonl_has_one_line_per_record_with_keys_in_order() {
    let text = written(|out| Box::new(Jsonl::new(out)));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 6);
    let sha = ContentHash::of(None, "x");
    assert_eq!(
        lines[0],
        format!(
            r#"{{"id":"ok","index":0,"verdict":"accepted","level":"axioms","stage":null,"reason":null,"mode":"proof","required":"axioms","messages":[{{"severity":"info","line":1,"column":2,"endLine":null,"endColumn":null,"text":"noted","in_header":true}}],"axioms":["propext"],"declarations":["t"],"warnings":[],"heartbeats":1000,"wall_ms":1.5,"engine":{{"lean":"4.28.0","commit":"abc","kind":"embedded"}},"sha256":"{sha}"}}"#
        )
    );
    assert!(lines[1].contains(
        r#""verdict":"rejected","level":"parsed","stage":"statement","reason":"unknown_identifier","mode":"proof","#
    ));
    assert!(lines[1].contains(
        r#"{"severity":"error","line":3,"column":2,"endLine":3,"endColumn":7,"text":"unknown `a`\n\u001b[2J & <more>"}]"#
    ));
    assert!(lines[3].contains(r#""level":null,"stage":null,"reason":"wall_clock","detail":"60 s","mode":"proof","#));
    let sha = ContentHash::of(None, "bad record at 5:1");
    assert_eq!(
        lines[4],
        format!(
            r#"{{"id":"4","index":4,"verdict":"undecided","level":null,"stage":null,"reason":"bad_record","detail":"line 5, column 1: no field with code","mode":null,"required":null,"messages":[],"axioms":[],"declarations":[],"warnings":[],"heartbeats":0,"wall_ms":0.0,"engine":null,"sha256":"{sha}"}}"#
        )
    );
    assert_eq!(text, written(|out| Box::new(Jsonl::new(out))));
}

/// What one run writes, the next one can resume.
#[test]
fn jsonl_can_be_resumed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.jsonl");
    std::fs::write(&path, written(|out| Box::new(Jsonl::new(out)))).unwrap();
    let resume = crate::dataset::Resume::scan(&path).unwrap();
    assert_eq!((resume.finished(), resume.torn(), resume.doubled()), (6, None, 0));
    assert!(resume.is_finished(5, &ContentHash::of(None, "x")).unwrap());
    let Event::BadRecord(bad) = bad_record() else { unreachable!() };
    assert!(resume.is_finished(4, &bad.sha256).unwrap());
}

#[test]
fn human_lines() {
    assert_eq!(
        written(|out| Box::new(Human::new(out, false))),
        "✓ ok  axioms  1 ms\n\
         ✗ <b>|`@all`  statement/unknown_identifier  3:2 unknown `a`\n\
         ✗ s  no_sorry/sorry  1:2 uses `sorry`\n\
         ? slow  wall_clock  60 s\n\
         ? 4  bad_record  line 5, column 1: no field with code\n\
         ✗ ax  axioms/axiom  axioms: propext\n"
    );
    assert!(written(|out| Box::new(Human::new(out, true))).starts_with("\u{1b}[32m✓\u{1b}[0m ok  axioms  1 ms\n"));
}

#[test]
fn summary() {
    assert_eq!(
        written(|out| Box::new(Summary::new(out))),
        "\
records         6 (2 results of an earlier run not counted here)
accepted        1
rejected        3 (axiom 1, sorry 1, unknown_identifier 1)
undecided       2 (bad_record 1, wall_clock 1)
acceptance      25.0 % (1 of 4 decided, 95 % interval 4.6 to 69.9 %)
type-checks     75.0 % (3 of 4 decided, 95 % interval 30.1 to 95.4 %)
undecided share 33.3 %
throughput      3.0 records/s in 2.0 s
heartbeats      p50 3.0k, p90 6.0k
slowest            0.009 s  ax
                   0.006 s  slow
                   0.004 s  s
                   0.003 s  <b>|`@all`
                   0.002 s  ok
errors               1 × unknown `…`  (e.g. <b>|`@all`)
incomplete      interrupted
"
    );
    let mut out = Vec::new();
    Summary::new(&mut out).finish().unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "records         0\naccepted        0\nrejected        0\nundecided       0\n"
    );
}

#[test]
fn junit() {
    let text = written(|out| Box::new(Junit::new(out, "in \"x\".jsonl").unwrap()));
    assert_eq!(
        text,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="afcheck" tests="7" failures="3" errors="3" time="0.024">
  <testsuite name="in &quot;x&quot;.jsonl" tests="7" failures="3" errors="3" time="0.024" skipped="0">
    <properties>
      <property name="lean" value="4.28.0"/>
      <property name="commit" value="abc"/>
      <property name="engine" value="embedded"/>
    </properties>
    <testcase name="ok" classname="in &quot;x&quot;.jsonl" time="0.002"/>
    <testcase name="&lt;b&gt;|`@all`" classname="in &quot;x&quot;.jsonl" time="0.003">
      <failure type="unknown_identifier" message="3:2 unknown `a`">1:2: warning: w&#10;3:2: error: unknown `a`&#10;�[2J &amp; &lt;more&gt;&#10;</failure>
    </testcase>
    <testcase name="s" classname="in &quot;x&quot;.jsonl" time="0.004">
      <failure type="sorry" message="1:2 uses `sorry`">1:2: warning: uses `sorry`&#10;</failure>
    </testcase>
    <testcase name="slow" classname="in &quot;x&quot;.jsonl" time="0.006">
      <error type="wall_clock" message="60 s"></error>
    </testcase>
    <testcase name="4" classname="in &quot;x&quot;.jsonl" time="0.000">
      <error type="bad_record" message="line 5, column 1: no field with code">in.jsonl:5:1: no field with code</error>
    </testcase>
    <testcase name="ax" classname="in &quot;x&quot;.jsonl" time="0.009">
      <failure type="axiom" message="axioms: propext"></failure>
    </testcase>
    <testcase name="(run)" classname="in &quot;x&quot;.jsonl" time="0.000">
      <error type="incomplete" message="interrupted">interrupted</error>
    </testcase>
  </testsuite>
</testsuites>
"#
    );
}

#[test]
fn markdown() {
    assert_eq!(
        written(|out| Box::new(Markdown::new(out, 2))),
        "\
### afcheck

**Incomplete:** `interrupted`

| verdict | records | share |
|---|---:|---:|
| accepted | 1 | 16.7 % |
| rejected | 3 | 50.0 % |
| undecided | 2 | 33.3 % |

- Acceptance: 25.0 % (1 of 4 decided, 95 % interval 4.6 to 69.9 %)
- Type-checks: 75.0 % (3 of 4 decided, 95 % interval 30.1 to 95.4 %)
- 2 results of an earlier run not counted here
- Lean `4.28.0`, commit `abc`, embedded engine

| verdict | reason | records |
|---|---|---:|
| rejected | axiom | 1 |
| rejected | sorry | 1 |
| rejected | unknown_identifier | 1 |
| undecided | bad_record | 1 |
| undecided | wall_clock | 1 |

<details><summary>Not accepted: 2 of 5</summary>

| record | verdict | reason | explanation |
|---|---|---|---|
| `<b>\\|'@all'` | rejected | unknown_identifier | `3:2 unknown 'a'` |
| `s` | rejected | sorry | `1:2 uses 'sorry'` |

</details>
"
    );
    assert!(!written(|out| Box::new(Markdown::new(out, 0))).contains("<details>"));
}
