// The packaged extension in a real VS Code: installed by `prove editor setup`, run by VS Code's extension host, used in its workbench through a
// browser, over the real `prove lsp` and the real Lean. PROVE names the program, PROVE_TEST_VSCODE VS Code's server (test/code-server.sh
// installs one), PROVE_TEST_BROWSER a Chromium where it is not /usr/bin/chromium, and PROVE_TEST_PICTURES a folder for the README's pictures.

import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { chromium, type Page } from "playwright-core";

const prove = process.env["PROVE"];
const vscode = process.env["PROVE_TEST_VSCODE"];
const browser = process.env["PROVE_TEST_BROWSER"] ?? "/usr/bin/chromium";
const pictures = process.env["PROVE_TEST_PICTURES"];

/** Why the test cannot run here. */
function missing(): string | false {
  if (prove === undefined) return "PROVE is not set";
  if (vscode === undefined) return "PROVE_TEST_VSCODE is not set: test/code-server.sh installs a VS Code";
  if (!existsSync(browser)) return `there is no ${browser}: install Chromium, or name it by PROVE_TEST_BROWSER`;
  return !existsSync("prove.vsix") && "there is no prove.vsix: `npm run package` makes it";
}

const before = "theorem or_swap (p q : Prop) (h : p ∨ q) : q ∨ p := by\n  ";
const after = "\n\ntheorem 𝔸 : True := by\n  exact trivial\n";

/** One step of a busy machine. */
const patience = 120_000;

test("a sorry is proved in VS Code", { skip: missing() }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "prove-vscode-"));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  const file = join(folder, "work", "First.lean");
  mkdirSync(join(folder, "work"));
  writeFileSync(file, `${before}sorry${after}`);

  // VS Code's command line, for this test's own settings and extensions.
  const own = ["--server-data-dir", folder, "--extensions-dir", join(folder, "extensions")];
  const code = join(folder, "code");
  const main = join(vscode ?? "", "out", "server-main.js");
  writeFileSync(code, `#!/bin/sh\nexec '${process.execPath}' '${main}' '${own.join("' '")}' "$@"\n`, { mode: 0o755 });
  const machine = join(folder, "data", "Machine", "settings.json");
  mkdirSync(join(folder, "data", "User"), { recursive: true });
  mkdirSync(join(folder, "data", "Machine"));
  writeFileSync(machine, JSON.stringify({ "prove.model": "none", "prove.timeout": 100, "prove.workers": 1 }));
  writeFileSync(join(folder, "data", "User", "settings.json"), JSON.stringify(quiet));
  const editor = (...command: string[]): string =>
    execFileSync(prove ?? "", ["editor", ...command, "--code", code, "--settings", machine], { encoding: "utf8" });
  const extensions = (): string => execFileSync(code, ["--list-extensions"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  assert.match(editor("setup", "--vsix", "prove.vsix"), /prove\.prove is installed/);
  assert.match(extensions(), /prove\.prove/);

  const { server, port } = await serve(code);
  context.after(() => server.kill());
  const window = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"], timeout: patience });
  const page = await window.newPage({ viewport: { width: 760, height: 330 } });
  page.setDefaultTimeout(patience);
  context.after(async () => {
    await picture(page, "end");
    await window.close();
  });
  const shown = ["openFile", `vscode-remote://127.0.0.1:${port}${file}`];
  const query = new URLSearchParams({ folder: join(folder, "work"), payload: JSON.stringify([shown]) });
  await page.goto(`http://127.0.0.1:${port}/?${query.toString()}`);

  // The extension is active, its server runs, and Lean has said what it thinks of the file.
  await page.locator(".statusbar-item", { hasText: /^\s*prove\s*$/ }).waitFor();
  const squiggle = page.locator(".squiggly-warning");
  await squiggle.first().waitFor();
  await page.locator(".view-line", { hasText: "sorry" }).locator("span span", { hasText: "sorry" }).last().click();
  await page.keyboard.press("Control+b");
  await picture(page, "sorry");

  await page.keyboard.press("Control+.");
  const action = page.locator(".action-widget .monaco-list-row.action", { hasText: /^Prove$/ });
  await action.waitFor();
  const titles = await page.locator(".action-widget .monaco-list-row.action").allInnerTexts();
  for (const title of ["Prove", "Prove with more time", "Sketch subgoals"]) {
    assert.ok(titles.some((text) => text.trim() === title), titles.join());
  }
  await picture(page, "actions");
  // The menu keeps the mouse to itself.
  assert.match(await page.locator(".action-widget .monaco-list-row.focused").innerText(), /^\s*Prove\s*$/);
  await page.keyboard.press("Enter");
  await page.locator(".view-line", { hasText: "sorry" }).waitFor({ state: "detached" });
  await page.locator(".notification-toast", { hasText: "or_swap is proved" }).waitFor();
  await squiggle.first().waitFor({ state: "detached" });
  await picture(page, "proof");

  await page.keyboard.press("Control+s");
  await page.locator(".tab.dirty").waitFor({ state: "detached" });
  const text = readFileSync(file, "utf8");
  assert.ok(text.startsWith(before) && text.endsWith(after) && !text.includes("sorry"), text);
  const judged = execFileSync(prove ?? "", ["check", "--json", file], { encoding: "utf8" });
  const verdicts = judged.trim().split("\n").map((line) => (JSON.parse(line) as { verdict: string }).verdict);
  assert.deepEqual(verdicts, ["proved", "proved"]);

  assert.match(editor("undo"), /prove\.prove is uninstalled/);
  assert.doesNotMatch(extensions(), /prove\.prove/);
});

/** Nothing in the window but the file, and nothing asked of the network. */
const quiet = {
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
  "breadcrumbs.enabled": false,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
};

/** Starts VS Code's server on a free port. */
async function serve(code: string): Promise<{ server: ChildProcess; port: string }> {
  const options = ["--accept-server-license-terms", "--without-connection-token", "--disable-workspace-trust"];
  const server = spawn(code, [...options, "--host", "127.0.0.1", "--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /listening on (\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      server.stdout.resume();
      return { server, port };
    }
  }
  assert.fail("VS Code's server ended before it listened");
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    await page.screenshot({ path: join(pictures, `${name}.png`), animations: "disabled" });
  }
}
