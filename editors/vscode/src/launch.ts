// How the language server is started. Knows nothing of VS Code.

/** What the user has set. */
export interface Settings {
  readonly path: string;
  readonly server: "auto" | "actions" | "full";
  readonly timeout: number;
  readonly moreTime: number;
  readonly workers: number;
  readonly model: string;
  readonly daemon: boolean;
}

/** What the server does: only the actions, or Lean's server with them. */
export type Mode = "actions" | "full";

/** A command line. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/** With the Lean 4 extension beside it, Lean's server is that extension's, and nothing stands between the two. */
export function mode(settings: Settings, hasLeanExtension: boolean): Mode {
  if (settings.server !== "auto") {
    return settings.server;
  }
  return hasLeanExtension ? "actions" : "full";
}

export function launch(settings: Settings, mode: Mode): Launch {
  const args = ["lsp", "--timeout", String(settings.timeout), "--more-time", String(settings.moreTime)];
  if (settings.workers > 0) {
    args.push("--workers", String(settings.workers));
  }
  if (settings.model !== "") {
    args.push("--model", settings.model);
  }
  if (settings.daemon) {
    args.push("--daemon");
  }
  if (mode === "actions") {
    args.push("--actions-only");
  }
  return { command: settings.path, args };
}
