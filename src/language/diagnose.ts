// Everything wrong in a file: its YAML, its fields, what Istio would say of it, and the names that lead nowhere.
import { analyzeFor, findingProblems } from './diagnostics/findings.ts';
import type { Problem } from './diagnostics/problem.ts';
import { shapeProblems } from './diagnostics/shape.ts';
import { syntaxProblems } from './diagnostics/syntax.ts';
import { webhookProblems } from './diagnostics/webhook.ts';
import { gatewayPortProblems, weightProblems } from './diagnostics/weights.ts';
import { type WrittenDocument, writtenDocument } from './diagnostics/written-document.ts';
import { nearest } from './nearest.ts';
import { looksLikeIstio } from './recognise.ts';
import { isOfMesh } from './schema/schema.ts';
import { objectSchema } from './schema/schema-book.ts';
import { indexLines } from './text.ts';
import type { Workspace } from './workspace.ts';
import { parsePart, type WrittenObject } from './written-file.ts';

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
    if (part.tooLarge) {
      problems.push(tooLarge(lines.rangeOf([part.offset, part.offset])));
      continue;
    }
    const ofMesh = part.objects.filter(isMeshObject);
    const broken = ofMesh.length === 0 && looksLikeIstio(part.text);
    if (ofMesh.length === 0 && !broken) continue;
    const document = parsePart(part.text);
    if (!document) continue;
    const written = writtenDocument(uri, part, document, lines);
    const syntax = syntaxProblems(written);
    problems.push(...syntax);
    // What a half-written document says of other objects would be guesses.
    const readable = !syntax.some(({ severity }) => severity === 'error');
    for (const object of ofMesh) {
      const known = workspace.schemas.find(object.apiVersion, object.kind);
      if (!known) {
        problems.push(unknownKind(workspace, written, object));
        continue;
      }
      if (!readable) continue;
      const shape = shapeProblems(written, object.at, objectSchema(known));
      problems.push(...shape);
      problems.push(
        ...(shape.length > 0 ? [] : webhookProblems(written, object)),
        ...findingProblems(workspace, written, object, analysis),
        ...weightProblems(written, object),
        ...gatewayPortProblems(workspace, written, object),
      );
    }
  }
  return problems.slice(0, MOST);
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
      ? `«${kind}» no está en ${apiVersion}, sino en ${meant}.`
      : `${group} no tiene ninguna clase «${kind}».${meant ? ` ¿Querías «${meant}»?` : ''}`,
    fixes:
      meant && value ? [{ title: `Cambiar por «${meant}»`, edits: [written.edit(value, meant)], preferred: true }] : [],
  };
}

function tooLarge(range: Problem['range']): Problem {
  return {
    range,
    severity: 'info',
    code: 'MALLA-YML-20',
    message: 'Este documento es demasiado grande para revisarlo mientras escribes (más de 512 KB).',
    fixes: [],
  };
}
