// The goal panel's page. Owns its HTML; knows nothing of VS Code, so that tests can run it.

/** What `$/lean/plainGoal` answers. */
export interface PlainGoal {
  rendered: string;
  goals: string[];
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A goal with its hypotheses apart from what is to be shown. */
function goal(text: string, number: number, of: number): string {
  const lines = text.split("\n").map((line) => {
    const kind = line.startsWith("⊢") ? "target" : line.startsWith("case ") ? "case" : "hypothesis";
    return `<div class="${kind}">${escaped(line)}</div>`;
  });
  return `<h3>goal ${number} of ${of}</h3><pre>${lines.join("")}</pre>`;
}

/** A page for what is at a place: goals, none left, or no tactic there. */
export function page(found: PlainGoal | null): string {
  const body =
    found === null
      ? "<p>There is no tactic at the cursor.</p>"
      : found.goals.length === 0
        ? '<p class="done">No goals.</p>'
        : found.goals.map((text, at) => goal(text, at + 1, found.goals.length)).join("");
  const style =
    "body{font-family:var(--vscode-font-family)}pre{font-family:var(--vscode-editor-font-family);white-space:pre-wrap}" +
    ".target{color:var(--vscode-textLink-foreground);font-weight:bold}.case{font-style:italic}.done{color:var(--vscode-testing-iconPassed)}";
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style}</style></head><body>${body}</body></html>`;
}
