// The server through the library that VS Code itself speaks the protocol with. AFCHECK is the binary [default: afcheck].

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import * as lsp from "vscode-languageserver-protocol/node";
import type { PlainGoal } from "../src/goals.ts";
import { grouped, type Row } from "../src/verdicts.ts";

test("records are judged, listed and shown goals of", { timeout: 300_000 }, async (context) => {
  const server = spawn(process.env.AFCHECK ?? "afcheck", ["lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  context.after(() => server.kill());
  const connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin));
  connection.onRequest(lsp.RegistrationRequest.type, () => undefined);
  connection.onRequest(lsp.WorkDoneProgressCreateRequest.type, () => undefined);
  connection.listen();
  const { capabilities } = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid, rootUri: null, capabilities: {}, initializationOptions: { verdicts: true },
  });
  assert.equal(capabilities.positionEncoding, "utf-16");
  await connection.sendNotification(lsp.InitializedNotification.type, {});
  const uri = "file:///data/outputs.jsonl";
  const code = "theorem t (p : Prop) (h : p) : p := by\n  exact h";
  const text = [{ id: "𝔸", code }, { id: "b", code: "theorem t : 1 = 2 := rfl" }].map((record) => JSON.stringify(record) + "\n").join("");
  const diagnosed = new Promise<lsp.Diagnostic[]>((resolve) =>
    connection.onNotification(lsp.PublishDiagnosticsNotification.type, ({ diagnostics }) => {
      if (diagnostics.length > 0) {
        resolve(diagnostics);
      }
    }));
  await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: "jsonl", version: 1, text } });
  assert.equal((await diagnosed)[0].range.start.line, 1);
  await connection.sendRequest(lsp.ExecuteCommandRequest.type, { command: "afcheck.verifyFile", arguments: [uri] });
  const rows = await connection.sendRequest<Row[]>("afcheck/records", { textDocument: { uri } });
  assert.deepEqual(grouped(rows).map((group) => group.label), ["rejected (1)", "accepted (1)"]);
  const position = { line: 0, character: text.indexOf("exact") };
  const found = await connection.sendRequest<PlainGoal>("$/lean/plainGoal", { textDocument: { uri }, position });
  assert.deepEqual(found.goals, ["p : Prop\nh : p\n⊢ p"]);
  await connection.sendRequest(lsp.ShutdownRequest.type);
  await connection.sendNotification(lsp.ExitNotification.type);
  assert.equal(await new Promise((resolve) => server.on("exit", resolve)), 0);
});
