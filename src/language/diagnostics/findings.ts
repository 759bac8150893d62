// What the engine's analysis says of the objects of a file, with its place.
import { analyze, type Finding } from '../../mesh/analysis.ts';
import { namespaceOf } from '../../mesh/config-objects.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { parsePath } from '../paths.ts';
import { t } from '../say.ts';
import { valueAt } from '../symbols.ts';
import type { Workspace } from '../workspace.ts';
import type { WrittenObject } from '../written-file.ts';
import { sentenceOf } from './finding-sentences.ts';
import type { Problem, Severity } from './problem.ts';
import { referenceFixes } from './reference-fixes.ts';
import type { WrittenDocument } from './written-document.ts';

/** Whether an object that is named exists: the whole folder counts, for it may be applied next. */
const ofDefinitions = new Set(['IST0101', 'IST0112', 'IST0132', 'IST0173', 'IST0174', 'IST0162', 'IST0127']);

/** What only the pods, namespaces and secrets of a cluster can tell. */
const ofTheCluster = new Set(['IST0102', 'IST0103', 'IST0127', 'IST0144', 'IST0149', 'IST0162', 'IST0173']);

export interface Analysis {
  /** Findings about one object. */
  of(object: KubeObject): Finding[];
}

/** The analysis of everything that counts for a file, done once for all of its objects. */
export function analyzeFor(workspace: Workspace, uri: string): Analysis {
  const all = [
    ...analyze(workspace.objectsFor(uri)).filter(({ code }) => ofDefinitions.has(code)),
    // Objects of other files may be other ways to do the same: only what is in force can be in conflict.
    ...analyze(workspace.liveObjectsFor(uri)).filter(({ code }) => !ofDefinitions.has(code)),
  ];
  const byObject = Map.groupBy(all, ({ object }) => `${object.kind} ${object.namespace}/${object.name}`);
  return {
    of: (object) =>
      byObject.get(
        `${object.kind} ${object.kind === 'Namespace' ? '' : namespaceOf(object)}/${object.metadata.name}`,
      ) ?? [],
  };
}

export function findingProblems(
  workspace: Workspace,
  written: WrittenDocument,
  { object, at, value }: WrittenObject,
  analysis: Analysis,
): Problem[] {
  if (!object) return [];
  const all = analysis.of(object);
  const missingPaths = new Set(all.filter(({ code }) => code === 'IST0101').map((found) => found.object.path));
  return all.flatMap((finding): Problem[] => {
    // Of a Gateway that is not there, that it lacks the hosts is no news.
    if (finding.code === 'IST0132' && missingPaths.has(finding.object.path)) return [];
    if (!workspace.cluster && ofTheCluster.has(finding.code)) return [];
    if (workspace.reading && ofDefinitions.has(finding.code)) return [];
    // Malla does not read the secrets of a cluster.
    if (finding.object.path.endsWith('credentialName')) return [];
    const sentence = sentenceOf(finding);
    // Without a cluster no pod is known.
    if (!sentence || (!workspace.cluster && sentence.code === 'MALLA-YML-18')) return [];
    const path = parsePath(finding.object.path);
    const missing = finding.code === 'IST0101' || finding.code === 'IST0174';
    const unsure = missing && !workspace.cluster;
    const message = unsure
      ? `${sentence.message} ${t('Lo busco solo en esta carpeta: no hay ningún clúster en marcha.')}`
      : sentence.message;
    return [
      {
        range: written.rangeOf(at, path),
        severity: unsure ? weaker(severities[finding.level]) : severities[finding.level],
        code: sentence.code,
        istio: finding.code,
        message,
        fixes: referenceFixes({ workspace, written, at, path, object, finding, value: valueAt(value, path) }),
      },
    ];
  });
}

const severities: Record<Finding['level'], Severity> = { Error: 'error', Warning: 'warning', Info: 'info' };

function weaker(severity: Severity): Severity {
  return severity === 'error' ? 'warning' : 'info';
}
