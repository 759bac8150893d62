// Completion, hover, definition, references and rename, each a question to the worker.
import * as vscode from 'vscode';
import type { Completion } from '../../language/completion.ts';
import type { Location } from '../../language/navigation.ts';
import { t } from '../l10n.ts';
import { keyOfUri, toRange, toWorkspaceEdit, uriOfKey } from './convert.ts';
import { type IstioDocuments, yamlDocuments } from './istio-documents.ts';
import type { LanguageClient } from './language-client.ts';

export function createIstioProviders(client: LanguageClient, documents: IstioDocuments): vscode.Disposable {
  const at = ({ uri }: vscode.TextDocument, { line, character }: vscode.Position) => ({
    uri: keyOfUri(uri),
    position: { line, character },
  });
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      yamlDocuments,
      {
        async provideCompletionItems(document, position) {
          if (!documents.needed(document)) return [];
          return ((await client.ask('complete', at(document, position))) ?? []).map(toItem);
        },
      },
      ' ',
      ':',
      '-',
      '\n',
    ),
    vscode.languages.registerHoverProvider(yamlDocuments, {
      async provideHover(document, position) {
        if (!documents.has(document)) return undefined;
        const found = await client.ask('hover', at(document, position));
        return found && new vscode.Hover(new vscode.MarkdownString(found.markdown), toRange(found.range));
      },
    }),
    vscode.languages.registerDefinitionProvider(yamlDocuments, {
      async provideDefinition(document, position) {
        if (!client.started) return [];
        return ((await client.ask('definitions', at(document, position))) ?? []).map(toLocation);
      },
    }),
    vscode.languages.registerReferenceProvider(yamlDocuments, {
      async provideReferences(document, position, { includeDeclaration }) {
        if (!client.started) return [];
        const question = { ...at(document, position), withDefinition: includeDeclaration };
        return ((await client.ask('references', question)) ?? []).map(toLocation);
      },
    }),
    vscode.languages.registerRenameProvider(yamlDocuments, {
      async prepareRename(document, position) {
        const found = client.started ? await client.ask('renaming', at(document, position)) : undefined;
        if (!found) throw new Error(t('Aquí no hay ningún nombre que cambiar.'));
        if ('refusal' in found) throw new Error(found.refusal);
        return { range: toRange(found.range), placeholder: found.name };
      },
      async provideRenameEdits(document, position, name) {
        const done = await client.ask('rename', { ...at(document, position), name });
        if (!done) return undefined;
        if ('refusal' in done) throw new Error(done.refusal);
        return toWorkspaceEdit(done.edits);
      },
    }),
  );
}

const kinds: Record<Completion['kind'], vscode.CompletionItemKind> = {
  field: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  name: vscode.CompletionItemKind.Reference,
  object: vscode.CompletionItemKind.Snippet,
};

function toItem({
  label,
  kind,
  insert,
  snippet,
  range,
  detail,
  documentation,
  order,
}: Completion): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, kinds[kind]);
  item.insertText = snippet ? new vscode.SnippetString(insert) : insert;
  item.range = toRange(range);
  item.sortText = `${order ?? '1'}${label}`;
  if (detail) item.detail = detail;
  if (documentation) item.documentation = new vscode.MarkdownString(documentation);
  // After a key that takes a value the next list opens by itself.
  if (insert.endsWith(': ') && !snippet) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}

function toLocation({ uri, range }: Location): vscode.Location {
  return new vscode.Location(uriOfKey(uri), toRange(range));
}
