// The status bar: whether the server runs, and how many searches are under way.

import * as vscode from "vscode";

export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("prove.status", vscode.StatusBarAlignment.Right, 50);
  #searches = 0;
  #trouble: string | undefined;

  constructor() {
    this.#item.name = "prove";
    this.#item.command = "prove.showSearch";
    this.#draw();
    this.#item.show();
  }

  /** Counts a search while it is under way. */
  async during<T>(search: Promise<T>): Promise<T> {
    this.#searches += 1;
    this.#draw();
    try {
      return await search;
    } finally {
      this.#searches -= 1;
      this.#draw();
    }
  }

  /** What is wrong with the server, if anything is. */
  set trouble(text: string | undefined) {
    this.#trouble = text;
    this.#draw();
  }

  dispose(): void {
    this.#item.dispose();
  }

  #draw(): void {
    if (this.#trouble !== undefined) {
      this.#item.text = "$(warning) prove";
      this.#item.tooltip = this.#trouble;
    } else if (this.#searches > 0) {
      this.#item.text = `$(sync~spin) prove: ${this.#searches}`;
      this.#item.tooltip = "Searches under way. Click to watch.";
    } else {
      this.#item.text = "$(check) prove";
      this.#item.tooltip = "Ready. Put the cursor on a sorry and choose Prove.";
    }
  }
}
