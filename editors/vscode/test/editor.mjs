// The extension in a real VS Code: code-server from npm with its own extension host, seen through Debian's Chromium. Opens a data set,
// waits for diagnostics, the view of verdicts and the goal panel, and takes a picture.
//
//   node test/editor.mjs DIR AFCHECK [PICTURE.png]
//
// DIR has node_modules with code-server (4.100 for node 20) and puppeteer-core; afcheck.vsix is built beside this folder.

import { execFileSync, spawn } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const [, , modules, binary, picture] = process.argv;
const afcheck = path.resolve(binary);
const extension = path.resolve(import.meta.dirname, "..", "afcheck.vsix");
const require = createRequire(path.resolve(modules, "package.json"));
const puppeteer = require("puppeteer-core");
const codeServer = path.resolve(modules, "node_modules/code-server/out/node/entry.js");

const home = fs.mkdtempSync(path.join(os.tmpdir(), "afcheck-editor-"));
const [data, extensions, work] = ["data", "extensions", "work"].map((name) => path.join(home, name));
fs.mkdirSync(path.join(data, "User"), { recursive: true });
fs.mkdirSync(work);
const settings = {
  "afcheck.path": afcheck, "workbench.startupEditor": "none", "security.workspace.trust.enabled": false,
  "workbench.colorTheme": "Default Light Modern", "editor.wordWrap": "on", "editor.minimap.enabled": false, "telemetry.telemetryLevel": "off",
  "chat.commandCenter.enabled": false, "editor.fontSize": 13,
};
fs.writeFileSync(path.join(data, "User/settings.json"), JSON.stringify(settings));
const records = [
  { id: "add_comm", informal: "Addition of natural numbers is commutative.", code: "theorem add_comm' (a b : Nat) : a + b = b + a := by\n  induction a with\n  | zero => simp\n  | succ n ih => omega" },
  { id: "add_comm", informal: "Addition of natural numbers is commutative.", code: "theorem add_comm' (a b : Nat) : a + b = b + a := by\n  exact Nat.add_komm a b" },
  { id: "square", informal: "The square of an even number is even.", code: "theorem square (n k : Nat) (h : n = 2 * k) : ∃ m, n * n = 2 * m := by\n  exact ⟨k * n, by rw [h, Nat.mul_assoc]⟩" },
  { id: "cheat", informal: "One is less than two.", code: "axiom trust_me : False\ntheorem lt : 1 < 2 := trust_me.elim" },
  { id: "weaker", code: "theorem bound : 1 < 3 := by decide", target: "theorem bound : 1 < 2 := sorry" },
];
const file = path.join(work, "outputs.jsonl");
fs.writeFileSync(file, records.map((record) => JSON.stringify(record) + "\n").join(""));

const common = ["--user-data-dir", data, "--extensions-dir", extensions];
execFileSync(process.execPath, [codeServer, ...common, "--install-extension", extension], { stdio: "ignore" });
const port = await new Promise((resolve) => {
  const probe = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const server = spawn(process.execPath, [codeServer, ...common, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", work], { stdio: "ignore" });
let browser;
let failed = false;
try {
  for (let tries = 0; tries < 120; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"], headless: true, defaultViewport: { width: 1360, height: 820 } });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/?folder=${work}`, { timeout: 120_000 });
  await page.waitForSelector(".monaco-workbench .explorer-viewlet", { timeout: 120_000 });
  const command = async (text) => {
    await page.keyboard.press("F1");
    await page.waitForSelector(".quick-input-widget input", { visible: true });
    await page.keyboard.type(text);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await page.keyboard.press("Enter");
    await new Promise((resolve) => setTimeout(resolve, 700));
  };
  await page.waitForSelector('[aria-label*="outputs.jsonl"]', { timeout: 60_000 });
  await page.click('[aria-label*="outputs.jsonl"]', { count: 2 });
  const seen = async (what, test, ...values) => {
    await page.waitForFunction(test, { timeout: 60_000 }, ...values);
    console.log(`ok: ${what}`);
  };
  const has = (text) => document.body.textContent.includes(text);
  // Views of the explorer that are new to it begin closed.
  const header = await page.waitForFunction(
    () => [...document.querySelectorAll(".pane-header")].find((one) => one.textContent.includes("Verdicts")), { timeout: 60_000 });
  if ((await header.evaluate((one) => one.getAttribute("aria-expanded"))) === "false") {
    await header.asElement().click();
  }
  await seen("the view of verdicts", has, "rejected (3)");
  await seen("accepted records in it", has, "accepted (2)");
  await seen("squiggles", () => document.querySelectorAll(".squiggly-error").length >= 3);
  await seen("inlay hints", has, "✓ replay");
  // The cursor goes into a proof, and its goal is beside it.
  await command("afcheck: Show goals");
  await page.click(".editor-instance .view-lines");
  const column = JSON.stringify(records[2]).indexOf("exact") + 1;
  await page.keyboard.down("Control");
  await page.keyboard.press("g");
  await page.keyboard.up("Control");
  await new Promise((resolve) => setTimeout(resolve, 500));
  await page.keyboard.type(`3:${column}`);
  await page.keyboard.press("Enter");
  const goal = async () => {
    for (const frame of page.frames()) {
      const text = await frame.evaluate(() => document.body?.textContent ?? "").catch(() => "");
      if (text.includes("⊢ ∃ m, n * n = 2 * m")) return true;
    }
    return false;
  };
  let found = false;
  for (let tries = 0; tries < 100 && !found; tries++) {
    found = await goal();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  if (!found) throw new Error("no goal in the panel");
  console.log("ok: the goal of the place in the panel");
  if (picture) {
    await command("Notifications: Clear All Notifications");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await page.screenshot({ path: picture });
  }
} catch (error) {
  failed = true;
  console.error(`FAILED: ${error}`);
  if (browser) {
    const [page] = (await browser.pages()).slice(-1);
    await page.screenshot({ path: picture ?? path.join(os.tmpdir(), "afcheck-editor.png") });
  }
} finally {
  await browser?.close();
  server.kill();
  fs.rmSync(home, { recursive: true, force: true });
  process.exit(failed ? 1 : 0);
}
