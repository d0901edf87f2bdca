// The view of searches.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { page, Pictures, shown } from "./page";
import type { Tree } from "./protocol";

export class SearchPanel implements vscode.Disposable {
  readonly #pictures = new Pictures();
  #panel: vscode.WebviewPanel | undefined;

  show(): void {
    if (this.#panel !== undefined) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel("prove.search", "prove: searches", column, {
      enableScripts: true,
      localResourceRoots: [],
      retainContextWhenHidden: true,
    });
    panel.onDidDispose(() => (this.#panel = undefined));
    panel.webview.html = page(randomBytes(16).toString("hex"));
    for (const picture of this.#pictures.all()) {
      void panel.webview.postMessage(picture);
    }
    this.#panel = panel;
  }

  add(tree: Tree): void {
    const picture = shown(tree);
    this.#pictures.add(picture);
    void this.#panel?.webview.postMessage(picture);
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}
