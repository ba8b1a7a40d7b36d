//! The protocol's handlers. Each puts what it wants into the session's channel and waits for the answer: none has a state of its
//! own, so that none can be out of step. Owns capabilities and the translation of parameters.

use super::features::hints::{Counts, Row, commands};
use super::features::{View, actions, completion, diagnostics, hints, hover, symbols, tokens};
use super::repair::Repair;
use super::session::{Abilities, Common, Event, Session};
use super::settings::ClientSettings;
use super::text::Encoding;
use super::unit::Unit;
use super::{definition, reproducer};
use crate::domain::Inspection;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::*;
use tower_lsp_server::{Client, LanguageServer};

/// The handlers of one client.
pub struct Backend {
    client: Client,
    common: Arc<Common>,
    events: UnboundedSender<Event>,
}

/// Parameters of `$/lean/plainGoal` and `$/lean/plainTermGoal`.
pub type Place = TextDocumentPositionParams;

/// Parameters of `afcheck/records` and `afcheck/text`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Records {
    text_document: TextDocumentIdentifier,
}

/// Parameters of the notification in place of what is no message.
#[derive(Deserialize)]
pub struct Malformed {
    why: String,
}

/// Parameters of `textDocument/waitForDiagnostics`; its version is not needed, since messages keep their order.
#[derive(Deserialize)]
pub struct WaitFor {
    uri: Uri,
}

impl Backend {
    pub fn new(client: Client, common: Arc<Common>, events: UnboundedSender<Event>) -> Backend {
        Backend { client, common, events }
    }

    /// Has the session do something, in the order of the client's messages.
    fn act(&self, act: impl FnOnce(&mut Session) + Send + 'static) {
        let _ = self.events.send(Event::Do(Box::new(act)));
    }

    /// Has the session do something that answers; `None` if it dropped the question.
    async fn ask<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Session, oneshot::Sender<R>) + Send + 'static,
    ) -> Option<R> {
        let (reply, answer) = oneshot::channel();
        self.act(move |session| act(session, reply));
        answer.await.ok()
    }

    /// What a document shows, without asking anybody.
    async fn shown<R: Send + 'static>(
        &self,
        uri: Uri,
        show: impl FnOnce(&View<'_>) -> R + Send + 'static,
    ) -> Option<R> {
        let answer = self.ask(move |session, reply| {
            let _ = reply.send(session.view(&uri).map(|view| show(&view)));
        });
        answer.await.flatten()
    }

    /// What a place shows once Lean has said what is there.
    async fn inspected<R: Send + 'static>(
        &self,
        at: TextDocumentPositionParams,
        show: impl FnOnce(&View<'_>, usize, &Arc<Unit>, Option<&Inspection>) -> R + Send + 'static,
    ) -> Option<R> {
        self.ask(move |session, reply| session.inspect(at.text_document.uri, at.position, reply, show)).await
    }

    /// `$/lean/plainGoal`: the goals of the tactic at a place, as Lean's own server answers.
    pub async fn plain_goal(&self, at: Place) -> Result<Option<Value>> {
        let shown = self.inspected(at, |_, _, _, found| {
            let goals = found?.goals.clone()?;
            let rendered = match goals.is_empty() {
                true => "no goals".to_owned(),
                false => goals.iter().map(|goal| format!("```lean\n{goal}\n```")).collect::<Vec<_>>().join("\n---\n"),
            };
            Some(json!({"rendered": rendered, "goals": goals}))
        });
        Ok(shown.await.flatten())
    }

    /// `$/lean/plainTermGoal`: what the term at a place is to be.
    pub async fn plain_term_goal(&self, at: Place) -> Result<Option<Value>> {
        let shown = self.inspected(at, |view, first, unit, found| {
            let shown = found?.term_goal.as_ref()?;
            let place = |position| unit.place(&view.document.text, first, position);
            let range = view.range(place(shown.range.0), place(shown.range.1));
            Some(json!({"goal": shown.text, "range": range}))
        });
        Ok(shown.await.flatten())
    }

    /// `afcheck/records`: the units of a document with their verdicts, for trees of verdicts.
    pub async fn records(&self, of: Records) -> Result<Option<Vec<Row>>> {
        Ok(self.shown(of.text_document.uri, hints::rows).await)
    }

    /// `textDocument/waitForDiagnostics` of Lean's own server: answers when everything in a document is judged.
    pub async fn wait_for_diagnostics(&self, of: WaitFor) -> Result<Value> {
        let _: Option<Counts> = self.ask(move |session, reply| session.judge_all(&of.uri, reply)).await;
        Ok(json!({}))
    }

    /// What stands in place of a message that is none: it is told, and nothing else becomes of it.
    pub async fn malformed(&self, of: Malformed) {
        self.client.log_message(MessageType::ERROR, format!("afcheck: a message was no message: {}", of.why)).await;
    }

    /// `afcheck/text`: a document's text as the server has it, for tests and for who doubts it.
    pub async fn text(&self, of: Records) -> Result<Option<Value>> {
        let shown = self.shown(
            of.text_document.uri,
            |view| json!({"version": view.document.version, "text": view.document.text.whole()}),
        );
        Ok(shown.await)
    }

    async fn difference(&self, uri: Uri, line: usize) -> Option<Value> {
        let text = self.shown(uri, move |view| {
            let (_, unit) = view.document.unit_at(line)?;
            let report = unit.known().report.clone()?;
            Some(diagnostics::target(&report))
        });
        let text = text.await.flatten()?;
        self.client.show_message(MessageType::INFO, &text).await;
        Some(json!({"text": text}))
    }

    /// A minimal reproducer as text, and as a file for clients that show documents.
    async fn reproducer(&self, uri: Uri, line: usize) -> Option<Value> {
        let text: String = self
            .ask(move |session, reply| {
                let Some(view) = session.view(&uri) else { return };
                let Some((_, unit)) = view.document.unit_at(line) else { return };
                let (Some(report), request) = (unit.known().report.clone(), unit.request.clone()) else { return };
                session.common.queue.ask(Box::new(move |lean| {
                    if !reply.is_closed() {
                        let _ = reply.send(reproducer::minimal(lean, &request, &report));
                    }
                }));
            })
            .await?;
        let path = self.common.folder.join("reproducer.lean");
        fs::create_dir_all(&self.common.folder).and_then(|()| fs::write(&path, &text)).ok()?;
        let shows = self
            .ask(|session, reply| {
                let _ = reply.send(session.abilities.shows_documents);
            })
            .await?;
        if let (true, Some(uri)) = (shows, Uri::from_file_path(&path)) {
            let client = self.client.clone();
            let params = ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: None };
            tokio::spawn(async move { client.show_document(params).await });
        }
        Some(json!({"text": text, "path": path}))
    }

    /// Asks the model to repair a record and puts its answer in place.
    async fn repair(&self, uri: Uri, line: usize) -> Result<Option<Value>> {
        let Some(repairs) = self.common.repairs.clone() else {
            return Err(Error::invalid_params("no model was named: start `afcheck lsp --model NAME`"));
        };
        let of = uri.clone();
        let asked = self.ask(move |session, reply| {
            let Some(view) = session.view(&of) else { return };
            let Some((_, unit)) = view.document.unit_at(line) else { return };
            let Some(report) = unit.known().report.clone() else { return };
            let _ = reply.send((unit.clone(), report));
        });
        let Some((unit, report)) = asked.await else { return Ok(None) };
        let (reply, answer) = oneshot::channel();
        let repair = Repair {
            record: unit.record.clone(),
            report: (*report).clone(),
            then: Box::new(move |repaired| drop(reply.send(repaired))),
        };
        if repairs.send(repair).is_err() {
            return Err(Error::internal_error());
        }
        let repaired = answer.await.map_err(|_| Error::internal_error())?;
        let code = repaired.map_err(Error::invalid_params)?;
        let new = code.clone();
        let edit = self.shown(uri, move |view| {
            let (first, unit) = view.document.units().find(|(_, other)| Arc::ptr_eq(other, &unit))?;
            Some(actions::workspace_edit(view, vec![actions::replace_code(view, first, unit, &new)]))
        });
        match edit.await.flatten() {
            Some(edit) => {
                let applied = self.client.apply_edit(edit).await?;
                Ok(Some(json!({"text": code, "applied": applied.applied})))
            }
            None => Err(Error::content_modified()),
        }
    }
}

fn abilities(params: &InitializeParams) -> Abilities {
    let workspace = params.capabilities.workspace.as_ref();
    let window = params.capabilities.window.as_ref();
    let is = |flag: Option<bool>| flag == Some(true);
    let option = |name: &str| params.initialization_options.as_ref().and_then(|options| options.get(name)?.as_bool());
    Abilities {
        refreshes_hints: is(workspace.and_then(|w| w.inlay_hint.as_ref()?.refresh_support)),
        refreshes_lenses: is(workspace.and_then(|w| w.code_lens.as_ref()?.refresh_support)),
        shows_progress: is(window.and_then(|w| w.work_done_progress)),
        shows_documents: is(window.and_then(|w| Some(w.show_document.as_ref()?.support))),
        hears_verdicts: is(option("verdicts")),
    }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let tokens = SemanticTokensOptions {
        legend: tokens::legend(),
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Bool(true)),
        ..SemanticTokensOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![".".into()]),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Simple(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(tokens)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: commands::ALL.map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.clone());
        let encoding = Encoding::agreed(&offered.unwrap_or_default());
        let abilities = abilities(&params);
        let set = params.initialization_options.map(serde_json::from_value::<ClientSettings>);
        self.act(move |session| {
            (session.encoding, session.abilities) = (encoding, abilities);
            match set {
                Some(Ok(set)) => session.set(&set),
                Some(Err(wrong)) => session.say(MessageType::ERROR, format!("afcheck: initializationOptions: {wrong}")),
                None => {}
            }
        });
        let server_info = ServerInfo { name: "afcheck".into(), version: Some(env!("CARGO_PKG_VERSION").into()) };
        Ok(InitializeResult {
            capabilities: capabilities(encoding),
            server_info: Some(server_info),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        // Sources of libraries decide verdicts: who edits one wants to see what becomes of the rest.
        let watched = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![FileSystemWatcher { glob_pattern: GlobPattern::String("**/*.lean".into()), kind: None }],
        };
        let register = |method: &str, options: Option<Value>| Registration {
            id: format!("afcheck-{method}"),
            method: method.into(),
            register_options: options,
        };
        let registrations = vec![
            register("workspace/didChangeWatchedFiles", serde_json::to_value(watched).ok()),
            register("workspace/didChangeConfiguration", Some(json!({"section": "afcheck"}))),
        ];
        let client = self.client.clone();
        // Clients that cannot register refuse, and nothing is lost.
        tokio::spawn(async move { client.register_capability(registrations).await });
    }

    async fn shutdown(&self) -> Result<()> {
        let _ = self.events.send(Event::Over);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.act(move |session| session.open(params));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.act(move |session| session.change(params));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.act(move |session| session.close(params.text_document.uri));
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        let own = params.settings.get("afcheck").cloned().unwrap_or(params.settings);
        let own = if own.is_null() {
            let item = ConfigurationItem { scope_uri: None, section: Some("afcheck".into()) };
            let asked = self.client.configuration(vec![item]).await;
            asked.ok().and_then(|mut found| found.pop()).unwrap_or_default()
        } else {
            own
        };
        self.act(move |session| match serde_json::from_value::<Option<ClientSettings>>(own) {
            Ok(set) => session.set(&set.unwrap_or_default()),
            Err(wrong) => session.say(MessageType::ERROR, format!("afcheck: settings: {wrong}")),
        });
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let libraries = self.common.libraries.clone();
        let is_of_library = |event: &FileEvent| {
            let path = event.uri.to_file_path();
            path.is_some_and(|path| libraries.iter().any(|library| path.starts_with(library)))
        };
        if params.changes.iter().any(is_of_library) {
            self.act(|session| session.judge_all_anew());
        }
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        Ok(self.inspected(at, |view, first, unit, found| hover::hover(view, first, unit, found)).await)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let TextDocumentPositionParams { text_document: TextDocumentIdentifier { uri }, position } =
            params.text_document_position;
        let found = self.ask(move |session, reply| {
            let line = position.line as usize;
            let of = uri.clone();
            session.names(&uri, line, move |session, names| {
                let Some(view) = session.view(&of) else { return };
                let place = view.place(position);
                let Some((first, unit)) = view.document.unit_at(place.0) else { return };
                let _ = reply.send(completion::completions(&view, first, unit, place, names));
            });
        });
        Ok(found.await.flatten().map(CompletionResponse::List))
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        let shown = self.inspected(at, |view, first, unit, found| {
            let constant = found?.constant.clone()?;
            let code = &unit.record.code;
            let own = crate::lean::declared_at(code, &constant).map(|range| {
                let index = crate::lean::LineIndex::new(code);
                let place = |offset| unit.place(&view.document.text, first, index.line_column(offset));
                Location { uri: view.uri.clone(), range: view.range(place(range.start), place(range.end)) }
            });
            Some((own, constant, unit.request.header.clone()))
        });
        let Some((own, constant, header)) = shown.await.flatten() else { return Ok(None) };
        if let Some(own) = own {
            return Ok(Some(GotoDefinitionResponse::Scalar(own)));
        }
        let (libraries, folder) = (self.common.libraries.clone(), self.common.folder.join("constants"));
        let found = self.ask(move |session, reply| {
            let encoding = session.encoding;
            session.common.queue.ask(Box::new(move |lean| {
                let found = definition::in_libraries(&libraries, &constant)
                    .or_else(|| definition::page(lean, &folder, header.as_deref(), &constant));
                let _ = reply.send(found.map(|found| (found, encoding)));
            }));
        });
        let Some(((path, (line, column)), encoding)) = found.await.flatten() else { return Ok(None) };
        let text = super::text::Text::new(&fs::read_to_string(&path).unwrap_or_default());
        let number = line.saturating_sub(1) as usize;
        let byte = Encoding::Utf32.byte(text.line(number), column);
        let (line, character) = text.position((number, byte), encoding);
        let position = Position { line, character };
        let location =
            Uri::from_file_path(&path).map(|uri| Location { uri, range: Range { start: position, end: position } });
        Ok(location.map(GotoDefinitionResponse::Scalar))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let found = self.ask(move |session, reply| {
            let uri = &params.text_document.uri;
            let line = params.range.start.line as usize;
            let can_repair = session.common.repairs.is_some();
            let Some(view) = session.view(uri) else { return };
            let reference = view.document.unit_at(line).and_then(|(_, unit)| session.reference(unit));
            let _ = reply.send(actions::actions(&view, line, reference, can_repair));
        });
        Ok(found.await)
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        Ok(self.shown(params.text_document.uri, hints::lenses).await)
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let lines = params.range.start.line as usize..params.range.end.line as usize + 1;
        let uri = params.text_document.uri;
        let found = self.ask(move |session, reply| {
            session.shown(&uri, lines.clone());
            let _ = reply.send(session.view(&uri).map(|view| hints::inlay_hints(&view, lines)));
        });
        Ok(found.await.flatten())
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let found = self.shown(params.text_document.uri, symbols::symbols).await;
        Ok(found.map(DocumentSymbolResponse::Nested))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        Ok(self.shown(params.text_document.uri, symbols::folding).await)
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let found =
            self.shown(params.text_document.uri, |view| tokens::tokens(view, 0..view.document.text.len())).await;
        Ok(found.map(|data| SemanticTokensResult::Tokens(SemanticTokens { result_id: None, data })))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let lines = params.range.start.line as usize..params.range.end.line as usize + 1;
        let found = self.shown(params.text_document.uri, move |view| tokens::tokens(view, lines)).await;
        Ok(found.map(|data| SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let mut arguments = params.arguments.into_iter();
        let uri = arguments.next().and_then(|uri| serde_json::from_value::<Uri>(uri).ok());
        let line = arguments.next().and_then(|line| line.as_u64()).unwrap_or(0) as usize;
        let Some(uri) = uri else {
            return Err(Error::invalid_params("arguments: the document's URI and the record's line, from 0"));
        };
        match params.command.as_str() {
            commands::VERIFY_RECORD => {
                let done = self.ask(move |session, reply| {
                    let _ = reply.send(session.judge_again(&uri, line));
                });
                let done = done.await;
                Ok(done.map(|done| json!(done)))
            }
            commands::VERIFY_FILE => {
                let counts: Option<Counts> = self.ask(move |session, reply| session.judge_all(&uri, reply)).await;
                if let Some(counts) = counts {
                    let Counts { accepted, rejected, undecided, bad, .. } = counts;
                    let text =
                        format!("{accepted} accepted, {rejected} rejected, {undecided} undecided, {bad} unreadable");
                    self.client.show_message(MessageType::INFO, text).await;
                }
                Ok(counts.map(|counts| json!(counts)))
            }
            commands::SHOW_DIFFERENCE => Ok(self.difference(uri, line).await),
            commands::REPRODUCER => Ok(self.reproducer(uri, line).await),
            commands::REPAIR => self.repair(uri, line).await,
            other => Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        let _ = self.events.send(Event::Over);
    }
}
