// The parts that need no editor.

import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "../src/goals.ts";
import { grouped, rate, type Row } from "../src/verdicts.ts";

const row = (id: string, verdict: Row["verdict"]): Row => ({ line: 0, id, verdict, summary: "" });

test("records that need people come first", () => {
  const rows = [row("a", "accepted"), row("b", "rejected"), row("c", "accepted"), row("d", "pending")];
  assert.deepEqual(grouped(rows).map((group) => group.label), ["rejected (1)", "accepted (2)", "pending (1)"]);
  assert.equal(rate(rows), "2 of 3 accepted");
  assert.equal(rate([]), "nothing decided");
});

test("what a text makes Lean print is shown as text", () => {
  const shown = page({ rendered: "", goals: ['case a\nh : "<img src=x onerror=alert(1)>" = s\n⊢ True'] });
  assert.ok(!shown.includes("<img"), shown);
  assert.ok(shown.includes('<div class="target">⊢ True</div>'));
  assert.ok(page({ rendered: "no goals", goals: [] }).includes("No goals"));
  assert.ok(page(null).includes("no tactic"));
});
