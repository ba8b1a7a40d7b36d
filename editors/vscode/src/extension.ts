// afcheck in VS Code: starts the server, and adds the two things the protocol has no place for: a view of verdicts and a panel of
// goals. Owns their life; what they show is verdicts.ts and goals.ts.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { page, type PlainGoal } from "./goals";
import { grouped, rate, type Group, type Row } from "./verdicts";

const LANGUAGES = ["jsonl", "markdown", "lean4", "lean"];
const ICONS: Record<Row["verdict"], string> = { accepted: "pass", rejected: "error", undecided: "question", pending: "loading~spin" };

let client: LanguageClient | undefined;

function started(): LanguageClient {
  const settings = vscode.workspace.getConfiguration("afcheck");
  const server: ServerOptions = {
    command: settings.get<string>("path", "afcheck"),
    args: ["lsp", "--stdio", ...settings.get<string[]>("args", [])],
  };
  const names = ["mode", "heartbeats", "header", "warnings", "references", "debounce"];
  const set = Object.fromEntries(names.map((name) => [name, settings.get(name)]).filter(([, value]) => value !== null));
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ language })),
    initializationOptions: { ...set, verdicts: true },
    synchronize: { configurationSection: "afcheck" },
    middleware: {
      // A reproducer goes where people want it: into the clipboard.
      executeCommand: async (command, args, next) => {
        const answer = await next(command, args);
        if (command === "afcheck.reproducer" && answer?.text) {
          await vscode.env.clipboard.writeText(answer.text);
          vscode.window.setStatusBarMessage("afcheck: the reproducer is in the clipboard", 5000);
        }
        return answer;
      },
    },
  };
  return new LanguageClient("afcheck", "afcheck", server, options);
}

class Verdicts implements vscode.TreeDataProvider<Group | Row> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  view: vscode.TreeView<Group | Row> | undefined;

  refresh() {
    this.changed.fire();
  }

  getTreeItem(of: Group | Row): vscode.TreeItem {
    if ("rows" in of) {
      const item = new vscode.TreeItem(of.label, vscode.TreeItemCollapsibleState.Expanded);
      item.iconPath = new vscode.ThemeIcon(ICONS[of.verdict]);
      return item;
    }
    const item = new vscode.TreeItem(of.id);
    item.description = of.summary;
    item.tooltip = of.summary;
    const uri = vscode.window.activeTextEditor?.document.uri;
    const selection = new vscode.Range(of.line, 0, of.line, 0);
    item.command = { title: "Go to the record", command: "vscode.open", arguments: [uri, { selection }] };
    return item;
  }

  async getChildren(of?: Group | Row): Promise<(Group | Row)[]> {
    if (of) {
      return "rows" in of ? of.rows : [];
    }
    const document = vscode.window.activeTextEditor?.document;
    if (!client?.isRunning() || !document || !LANGUAGES.includes(document.languageId)) {
      return [];
    }
    const rows = await client.sendRequest<Row[] | null>("afcheck/records", { textDocument: { uri: document.uri.toString() } });
    if (this.view) {
      this.view.description = rate(rows ?? []);
    }
    return grouped(rows ?? []);
  }
}

class Goals {
  private panel: vscode.WebviewPanel | undefined;
  private asked = 0;

  show() {
    this.panel ??= vscode.window.createWebviewPanel("afcheck.goals", "Goals", { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    this.panel.onDidDispose(() => (this.panel = undefined));
    void this.update(vscode.window.activeTextEditor);
  }

  async update(editor: vscode.TextEditor | undefined) {
    if (!this.panel || !client?.isRunning() || !editor || !LANGUAGES.includes(editor.document.languageId)) {
      return;
    }
    // Answers to older questions are of no use.
    const number = ++this.asked;
    const found = await client.sendRequest<PlainGoal | null>("$/lean/plainGoal", {
      textDocument: { uri: editor.document.uri.toString() },
      position: client.code2ProtocolConverter.asPosition(editor.selection.active),
    });
    if (number === this.asked && this.panel) {
      this.panel.webview.html = page(found);
    }
  }
}

export async function activate(context: vscode.ExtensionContext) {
  const verdicts = new Verdicts();
  const goals = new Goals();
  verdicts.view = vscode.window.createTreeView("afcheck.verdicts", { treeDataProvider: verdicts });
  const start = async () => {
    client = started();
    client.onNotification("$/afcheck/verdicts", () => {
      verdicts.refresh();
      void goals.update(vscode.window.activeTextEditor);
    });
    await client.start();
    verdicts.refresh();
  };
  context.subscriptions.push(
    verdicts.view,
    vscode.window.onDidChangeActiveTextEditor(() => verdicts.refresh()),
    vscode.window.onDidChangeTextEditorSelection((event) => void goals.update(event.textEditor)),
    vscode.commands.registerCommand("afcheck.showGoals", () => goals.show()),
    vscode.commands.registerCommand("afcheck.judgeFile", () => {
      const uri = vscode.window.activeTextEditor?.document.uri.toString();
      return uri && client?.sendRequest("workspace/executeCommand", { command: "afcheck.verifyFile", arguments: [uri] });
    }),
    vscode.commands.registerCommand("afcheck.restart", async () => {
      await client?.stop();
      await start();
    }),
  );
  try {
    await start();
  } catch (error) {
    const path = vscode.workspace.getConfiguration("afcheck").get<string>("path");
    void vscode.window.showErrorMessage(`afcheck: \`${path} lsp\` does not start (${error}). The setting afcheck.path says where it is.`);
  }
  return { client: () => client };
}

export async function deactivate() {
  await client?.stop();
}
