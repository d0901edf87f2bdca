// What `prove lsp` adds to the Language Server Protocol. Knows nothing of VS Code.

/** The commands of `workspace/executeCommand`. Each takes one {@link Place}. */
export const commands = {
  prove: "prove.prove",
  proveLonger: "prove.proveLonger",
  sketch: "prove.sketch",
  repair: "prove.repair",
  shorten: "prove.shorten",
} as const;

/** Where a command works. Lines and UTF-16 units count from 0. */
export interface Place {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

/** How a command ended. */
export interface Outcome {
  readonly message: string;
  /** Whether that is what was hoped for. */
  readonly good: boolean;
  /** Whether the document was changed. */
  readonly applied: boolean;
}

/** The search tree of a command under way; sent to clients with the experimental capability `proveTree`. */
export const treeMethod = "$/prove/tree";

export interface Tree {
  readonly job: number;
  readonly uri: string;
  /** The action's title. */
  readonly title: string;
  /** The picture. */
  readonly svg: string;
}

/** Stops every command under way. */
export const stopMethod = "$/prove/stop";
