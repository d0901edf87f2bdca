// What needs no server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { launch, mode, type Settings } from "../src/launch";
import { page, Pictures, shown } from "../src/page";
import { commands } from "../src/protocol";

const settings: Settings = { path: "/bin/prove", server: "auto", timeout: 5, moreTime: 50, workers: 0, model: "", daemon: false };

test("beside the Lean 4 extension only the actions are served", () => {
  assert.equal(mode(settings, true), "actions");
  assert.equal(mode(settings, false), "full");
  assert.equal(mode({ ...settings, server: "full" }, true), "full");
});

test("settings become arguments", () => {
  assert.deepEqual(launch(settings, "full"), {
    command: "/bin/prove",
    args: ["lsp", "--timeout", "5", "--more-time", "50"],
  });
  const all = launch({ ...settings, workers: 2, model: "folder", daemon: true }, "actions");
  assert.deepEqual(all.args.slice(5), ["--workers", "2", "--model", "folder", "--daemon", "--actions-only"]);
});

test("a picture is shown as an image, whatever is in it", () => {
  const svg = "<svg xmlns='x'><script>alert(1)</script>⟨𝔸⟩</svg>";
  const picture = shown({ job: 3, uri: "file:///a/My%20File.lean", title: "Prove", svg });
  assert.equal(picture.caption, "Prove · My File.lean");
  const data = picture.picture.replace("data:image/svg+xml;base64,", "");
  assert.equal(Buffer.from(data, "base64").toString("utf8"), svg);
  const html = page("abc");
  assert.match(html, /default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'nonce-abc'/);
});

test("the last pictures are kept, the newest last", () => {
  const pictures = new Pictures();
  for (let job = 0; job < 12; job++) {
    pictures.add({ job, caption: "", picture: "" });
  }
  pictures.add({ job: 7, caption: "again", picture: "" });
  assert.deepEqual(
    pictures.all().map(({ job }) => job),
    [4, 5, 6, 8, 9, 10, 11, 7],
  );
});

test("the manifest has what the code registers, and no command of the server's", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
    contributes: { commands: { command: string }[]; configuration: { properties: Record<string, unknown> } };
  };
  const source = readFileSync("src/extension.ts", "utf8");
  const declared = manifest.contributes.commands.map(({ command }) => command);
  for (const command of declared) {
    assert.ok(source.includes(`"${command}"`), command);
    assert.ok(!Object.values<string>(commands).includes(command), `${command} is registered by the client, too`);
  }
  const keys = Object.keys(manifest.contributes.configuration.properties).map((key) => key.replace("prove.", ""));
  assert.deepEqual(keys.sort(), Object.keys(settings).sort());
});
