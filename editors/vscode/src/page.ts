// The page that shows searches. Knows nothing of VS Code.

import type { Tree } from "./protocol";

/** The page. What is on it comes by messages, so that the scroll position stays. `nonce` is for its one script. */
export function page(nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">
<title>Searches</title>
<style>
body { font-family: var(--vscode-font-family); color: var(--vscode-foreground); }
figure { margin: 0 0 1.5em; overflow: auto; }
figcaption { margin-bottom: 0.5em; }
img { background: #fff; border-radius: 4px; }
</style>
</head>
<body>
<p id="none">No search has run yet. Put the cursor on a <code>sorry</code> and choose <b>Prove</b>.</p>
<main></main>
<script nonce="${nonce}">
const main = document.querySelector("main");
window.addEventListener("message", ({ data }) => {
  document.getElementById("none").hidden = true;
  let figure = document.getElementById("job" + data.job);
  if (!figure) {
    figure = document.createElement("figure");
    figure.id = "job" + data.job;
    figure.append(document.createElement("figcaption"), document.createElement("img"));
    main.prepend(figure);
    while (main.children.length > ${mostShown}) main.lastElementChild.remove();
  }
  figure.querySelector("figcaption").textContent = data.caption;
  figure.querySelector("img").src = data.picture;
});
</script>
</body>
</html>`;
}

/** Searches shown at a time, the newest on top. */
const mostShown = 8;

/** What the page is sent. */
export interface Shown {
  readonly job: number;
  readonly caption: string;
  /** A data address: as an image, the picture can run no script. */
  readonly picture: string;
}

export function shown(tree: Tree): Shown {
  const file = decodeURIComponent(tree.uri.split("/").at(-1) ?? tree.uri);
  const picture = `data:image/svg+xml;base64,${Buffer.from(tree.svg, "utf8").toString("base64")}`;
  return { job: tree.job, caption: `${tree.title} · ${file}`, picture };
}

/** The last pictures, for a page that is opened later. */
export class Pictures {
  readonly #byJob = new Map<number, Shown>();

  add(picture: Shown): void {
    this.#byJob.delete(picture.job);
    this.#byJob.set(picture.job, picture);
    const oldest = this.#byJob.keys().next();
    if (this.#byJob.size > mostShown && !oldest.done) {
      this.#byJob.delete(oldest.value);
    }
  }

  all(): readonly Shown[] {
    return [...this.#byJob.values()];
  }
}
