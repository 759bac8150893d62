// Everything wrong in a file: its YAML, its fields, what Istio would say of it, and the names that lead nowhere.
import { type Analysis, analyzeFor, findingProblems } from './diagnostics/findings.ts';
import type { Problem } from './diagnostics/problem.ts';
import { shapeProblems } from './diagnostics/shape.ts';
import { syntaxProblems } from './diagnostics/syntax.ts';
import { webhookProblems } from './diagnostics/webhook.ts';
import { asksForPort, gatewayPortProblems, weightProblems } from './diagnostics/weights.ts';
import { type WrittenDocument, writtenDocument } from './diagnostics/written-document.ts';
import { nearest } from './nearest.ts';
import { looksLikeIstio } from './recognise.ts';
import { t } from './say.ts';
import { isOfMesh } from './schema/schema.ts';
import { objectSchema } from './schema/schema-book.ts';
import { indexLines, type LineIndex, type Range } from './text.ts';
import type { Workspace } from './workspace.ts';
import { parsePart, type WrittenObject, type WrittenPart } from './written-file.ts';

/** Of one file: a student mends the first ones first. */
const MOST = 200;

/** Empty for a file that is not there, and for documents that are not of the mesh. Never throws. */
export function diagnose(workspace: Workspace, uri: string): Problem[] {
  const file = workspace.file(uri);
  if (!file || !looksLikeIstio(file.text)) return [];
  const lines = indexLines(file.text);
  const analysis = analyzeFor(workspace, uri);
  const problems: Problem[] = [];
  for (const part of file.parts) {
    if (problems.length >= MOST) break;
    const own = ownProblems(workspace, uri, part, lines);
    problems.push(...own.problems);
    if (own.readable) problems.push(...problemsOfNames(workspace, uri, part, lines, analysis));
  }
  return problems.slice(0, MOST).map(inShort);
}

interface OwnProblems {
  problems: Problem[];
  /** What it says of other objects can be looked at; of a half-written document that would be guesses. */
  readable: boolean;
}

interface Remembered extends OwnProblems {
  uri: string;
  schemas: Workspace['schemas'];
  line: number;
}

/** By the objects of a part, which stay the same while its text does. */
const remembered = new WeakMap<readonly WrittenObject[], Remembered>();

/** What a document says wrong by itself: told again only when its text changes. */
function ownProblems(workspace: Workspace, uri: string, part: WrittenPart, lines: LineIndex): OwnProblems {
  const { schemas } = workspace;
  const { line } = lines.positionAt(part.offset);
  const known = remembered.get(part.objects);
  if (known?.schemas === schemas && known.uri === uri) {
    const moved = line - known.line;
    return moved === 0 ? known : { ...known, problems: known.problems.map((problem) => shifted(problem, uri, moved)) };
  }
  const found = lookAtPart(workspace, uri, part, lines);
  remembered.set(part.objects, { ...found, uri, schemas, line });
  return found;
}

function lookAtPart(workspace: Workspace, uri: string, part: WrittenPart, lines: LineIndex): OwnProblems {
  if (part.tooLarge) return { problems: [tooLarge(lines.rangeOf([part.offset, part.offset]))], readable: false };
  const ofMesh = part.objects.filter(isMeshObject);
  const document = ofMesh.length > 0 || looksLikeIstio(part.text) ? parsePart(part.text) : undefined;
  if (!document) return { problems: [], readable: false };
  const written = writtenDocument(uri, part, document, lines);
  const syntax = syntaxProblems(written);
  if (syntax.some(({ severity }) => severity === 'error')) return { problems: syntax, readable: false };
  const objects = ofMesh.flatMap((object) => {
    const known = workspace.schemas.find(object.apiVersion, object.kind);
    if (!known) return [unknownKind(workspace, written, object)];
    const shape = shapeProblems(written, object.at, objectSchema(known));
    return [
      ...shape,
      ...(shape.length > 0 ? [] : webhookProblems(written, object)),
      ...weightProblems(written, object),
    ];
  });
  return { problems: [...syntax, ...objects], readable: ofMesh.length > 0 };
}

/** What depends on other objects: told anew each time. Only documents with something to tell are parsed. */
function problemsOfNames(
  workspace: Workspace,
  uri: string,
  part: WrittenPart,
  lines: LineIndex,
  analysis: Analysis,
): Problem[] {
  const concerned = part.objects.filter(
    (written) =>
      isMeshObject(written) && written.object && (analysis.of(written.object).length > 0 || asksForPort(written)),
  );
  const document = concerned.length > 0 ? parsePart(part.text) : undefined;
  if (!document) return [];
  const written = writtenDocument(uri, part, document, lines);
  return concerned.flatMap((object) => [
    ...findingProblems(workspace, written, object, analysis),
    ...gatewayPortProblems(workspace, written, object),
  ]);
}

function shifted(problem: Problem, uri: string, by: number): Problem {
  const move = ({ start, end }: Range): Range => ({
    start: { ...start, line: start.line + by },
    end: { ...end, line: end.line + by },
  });
  const fixes = problem.fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map((edit) => (edit.uri === uri ? { ...edit, range: move(edit.range) } : edit)),
  }));
  return { ...problem, range: move(problem.range), fixes };
}

/** Some messages name every object in conflict. */
function inShort(problem: Problem): Problem {
  return problem.message.length <= 500 ? problem : { ...problem, message: `${problem.message.slice(0, 500)}…` };
}

function isMeshObject({ apiVersion }: WrittenObject): boolean {
  return isOfMesh(apiVersion.split('/')[0] ?? '') && apiVersion.split('/')[0] !== 'install.istio.io';
}

function unknownKind(workspace: Workspace, written: WrittenDocument, { apiVersion, kind, at }: WrittenObject): Problem {
  const { kinds } = workspace.schemas;
  const group = apiVersion.split('/')[0];
  const home = kinds.find((known) => known.kind === kind);
  const range = written.rangeOf(at, [home ? 'apiVersion' : 'kind']);
  const { value } = written.find(at, [home ? 'apiVersion' : 'kind']);
  const meant = home
    ? `${home.group}/${home.versions[0] ?? 'v1'}`
    : nearest(
        kind,
        kinds.filter((known) => known.group === group).map((known) => known.kind),
      );
  return {
    range,
    severity: 'error',
    code: 'MALLA-YML-21',
    message: home
      ? t('«{0}» no está en {1}, sino en {2}.', kind, apiVersion, meant ?? '')
      : `${t('{0} no tiene ninguna clase «{1}».', group ?? '', kind)}${meant ? ` ${t('¿Querías «{0}»?', meant)}` : ''}`,
    fixes:
      meant && value
        ? [{ title: t('Cambiar por «{0}»', meant), edits: [written.edit(value, meant)], preferred: true }]
        : [],
  };
}

function tooLarge(range: Problem['range']): Problem {
  return {
    range,
    severity: 'info',
    code: 'MALLA-YML-20',
    message: t('Este documento es demasiado grande para revisarlo mientras escribes (más de 512 KB).'),
    fixes: [],
  };
}
