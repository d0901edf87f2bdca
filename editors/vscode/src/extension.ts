// The extension: a client of `prove lsp`, its commands, and what shows its work.

import * as vscode from "vscode";
import {
  type ClientCapabilities,
  type LanguageClientOptions,
  type ServerOptions,
  LanguageClient,
  State,
} from "vscode-languageclient/node";
import { launch, mode, type Settings } from "./launch";
import { SearchPanel } from "./panel";
import { commands, stopMethod, treeMethod, type Place, type Tree } from "./protocol";
import { Status } from "./status";

const leanExtension = "leanprover.lean4";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = new Status();
  const panel = new SearchPanel();
  context.subscriptions.push(status, panel);

  const here = (name: string, command: string): void => {
    context.subscriptions.push(vscode.commands.registerCommand(name, () => atCursor(command)));
  };
  here("prove.here", commands.prove);
  here("prove.hereLonger", commands.proveLonger);
  here("prove.sketchHere", commands.sketch);
  here("prove.repairHere", commands.repair);
  here("prove.shortenHere", commands.shorten);
  context.subscriptions.push(
    vscode.commands.registerCommand("prove.stop", () => client?.sendNotification(stopMethod)),
    vscode.commands.registerCommand("prove.showSearch", () => panel.show()),
    vscode.commands.registerCommand("prove.restart", () => restart(status, panel)),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("prove")) {
        await restart(status, panel);
      }
    }),
    // The Lean 4 extension has come or gone.
    vscode.extensions.onDidChange(async () => {
      if (client !== undefined && currentMode() !== startedAs) {
        await restart(status, panel);
      }
    }),
  );
  await start(status, panel);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

function settings(): Settings {
  const section = vscode.workspace.getConfiguration("prove");
  return {
    path: section.get("path", "prove"),
    server: section.get<Settings["server"]>("server", "auto"),
    timeout: section.get("timeout", 60),
    moreTime: section.get("moreTime", 600),
    workers: section.get("workers", 0),
    model: section.get("model", ""),
    daemon: section.get("daemon", false),
  };
}

function currentMode(): "actions" | "full" {
  return mode(settings(), vscode.extensions.getExtension(leanExtension) !== undefined);
}

let startedAs: "actions" | "full" | undefined;

async function start(status: Status, panel: SearchPanel): Promise<void> {
  startedAs = currentMode();
  const { command, args } = launch(settings(), startedAs);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const server: ServerOptions = {
    command,
    args: [...args],
    options: folder?.scheme === "file" ? { cwd: folder.fsPath } : {},
  };
  const options: LanguageClientOptions = {
    // Whatever the scheme: a buffer that was never saved can be proved, too.
    documentSelector: [{ language: "lean4" }],
    middleware: {
      executeCommand: (command, args, next) => status.during(Promise.resolve(next(command, args))),
    },
  };
  const started = new LanguageClient("prove", "prove", server, options);
  started.registerFeature({
    fillClientCapabilities(capabilities: ClientCapabilities) {
      capabilities.experimental = { ...capabilities.experimental, proveTree: true };
    },
    initialize() {},
    getState: () => ({ kind: "static" }),
    clear() {},
  });
  started.onNotification(treeMethod, (tree: Tree) => panel.add(tree));
  started.onDidChangeState(({ newState }) => {
    status.trouble = newState === State.Stopped ? "The server has stopped." : undefined;
  });
  client = started;
  try {
    await started.start();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    status.trouble = `\`${command}\` cannot be started: ${why}`;
    const open = "Open settings";
    const chosen = await vscode.window.showErrorMessage(
      `prove cannot be started as ${command}. Run \`prove editor setup\`, or set prove.path.`,
      open,
    );
    if (chosen === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "prove.path");
    }
  }
}

async function restart(status: Status, panel: SearchPanel): Promise<void> {
  const stopped = client;
  client = undefined;
  // One that never came up cannot be stopped.
  await stopped?.dispose().catch(() => {});
  await start(status, panel);
}

/** Runs a command of the server where the cursor is. */
async function atCursor(command: string): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "lean4") {
    void vscode.window.showInformationMessage("Open a Lean file and put the cursor where a proof is wanted.");
    return;
  }
  const { line, character } = editor.selection.active;
  const place: Place = { uri: editor.document.uri.toString(), position: { line, character } };
  await vscode.commands.executeCommand(command, place);
}
