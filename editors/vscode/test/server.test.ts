// The extension's own launch and protocol against the real `prove lsp` and the real Lean, through VS Code's protocol library. The variable
// PROVE names the program.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { test } from "node:test";
import {
  ApplyWorkspaceEditRequest,
  CodeActionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentEdit,
  WorkDoneProgressCreateRequest,
  type CodeAction,
  type ProtocolConnection,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { launch, type Mode, type Settings } from "../src/launch";
import { commands, treeMethod, type Outcome, type Place, type Tree } from "../src/protocol";

const prove = process.env["PROVE"];
const settings: Settings = {
  path: prove ?? "",
  server: "auto",
  timeout: 100,
  moreTime: 100,
  workers: 1,
  model: "none",
  daemon: false,
};

class Editor {
  document: TextDocument;
  readonly trees: Tree[] = [];
  readonly diagnostics: string[][] = [];

  private constructor(
    readonly server: ChildProcess,
    readonly connection: ProtocolConnection,
    text: string,
  ) {
    this.document = TextDocument.create("untitled:Untitled-1", "lean4", 1, text);
    connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
    connection.onNotification(treeMethod, (tree: Tree) => {
      this.trees.push(tree);
    });
    connection.onNotification(PublishDiagnosticsNotification.type, ({ diagnostics }) => {
      this.diagnostics.push(diagnostics.map(({ message }) => String(message)));
    });
    connection.onRequest(ApplyWorkspaceEditRequest.type, async ({ edit }) => {
      for (const change of edit.documentChanges ?? []) {
        if (!TextDocumentEdit.is(change) || change.textDocument.version !== this.document.version) {
          return { applied: false };
        }
        const { uri, languageId, version } = this.document;
        const edits = change.edits.map((each) => ("newText" in each ? each : assert.fail("a snippet")));
        const text = TextDocument.applyEdits(this.document, edits);
        this.document = TextDocument.create(uri, languageId, version + 1, text);
        await connection.sendNotification(DidChangeTextDocumentNotification.type, {
          textDocument: { uri, version: version + 1 },
          contentChanges: [{ text }],
        });
      }
      return { applied: true };
    });
    connection.listen();
  }

  static async open(mode: Mode, text: string): Promise<Editor> {
    const { command, args } = launch(settings, mode);
    const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    const editor = new Editor(server, connection, text);
    const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } },
        window: { workDoneProgress: true },
        experimental: { proveTree: true },
      },
    });
    assert.deepEqual(capabilities.executeCommandProvider?.commands, Object.values(commands));
    await connection.sendNotification(InitializedNotification.type, {});
    const { uri, languageId, version } = editor.document;
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version, text },
    });
    return editor;
  }

  async actions(at: string): Promise<CodeAction[]> {
    const position = this.document.positionAt(this.document.getText().indexOf(at));
    const found = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: this.document.uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    return (found ?? []).filter((action): action is CodeAction => "kind" in action);
  }

  async run(action: CodeAction): Promise<Outcome> {
    assert.ok(action.command);
    const { command, arguments: args } = action.command;
    return (await this.connection.sendRequest(ExecuteCommandRequest.type, {
      command,
      arguments: args ?? [],
    })) as Outcome;
  }

  async close(): Promise<void> {
    const ended = new Promise<number | null>((resolve) => this.server.on("exit", resolve));
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    assert.equal(await ended, 0);
    this.connection.dispose();
  }
}

const before = "theorem 𝔸 («x\u0301» y : Nat) : /- 𝔸 -/ «x\u0301» + y = y + «x\u0301» := by /- 𝔸 -/ ";
const after = "\r\n\r\ntheorem b : True := trivial\r\n";

for (const mode of ["actions", "full"] as const) {
  test(`a sorry is proved from a code action (${mode})`, { skip: prove === undefined && "PROVE is not set" }, async () => {
    const editor = await Editor.open(mode, `${before}sorry${after}`);
    const actions = await editor.actions("sorry");
    const [first] = actions;
    assert.deepEqual(
      actions.map(({ title }) => title),
      ["Prove", "Prove with more time", "Sketch subgoals"],
    );
    assert.ok(first);
    const outcome = await editor.run(first);
    assert.ok(outcome.good && outcome.applied, outcome.message);
    const text = editor.document.getText();
    assert.ok(text.startsWith(before) && text.endsWith(after) && !text.includes("sorry"), text);
    assert.ok(editor.trees.length > 0 && editor.trees.every(({ svg }) => svg.startsWith("<svg")));
    assert.equal(editor.diagnostics.length > 0, mode === "full");
    await editor.close();
  });
}

test("a command is run where the cursor is", { skip: prove === undefined && "PROVE is not set" }, async () => {
  const editor = await Editor.open("actions", `${before}sorry${after}`);
  const place: Place = { uri: editor.document.uri, position: { line: 0, character: 3 } };
  const outcome = await editor.run({ title: "", command: { title: "", command: commands.prove, arguments: [place] } });
  assert.ok(outcome.applied, outcome.message);
  const nothing = { ...place, position: { line: 2, character: 0 } };
  await assert.rejects(
    editor.run({ title: "", command: { title: "", command: commands.prove, arguments: [nothing] } }),
    /nothing to work on/,
  );
  await editor.close();
});
