// Objects to analyse from files, each with the lines of its fields.
import { isNode, LineCounter, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';
import type { Invocation } from './commands/command.ts';
import { readInput } from './commands/install.ts';

export interface FileObject {
  object: KubeObject;
  file: string;
  /** Of a YAML path inside the object, or of the nearest thing around it; without a path, of the object. */
  lineOf(path: string): number;
}

const clusterWide = new Set(['Namespace', 'Node', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding']);

export async function readFileObjects(file: string, namespace: string, invocation: Invocation): Promise<FileObject[]> {
  return objectsOf(await readInput(file, invocation), file, namespace);
}

export function objectsOf(text: string, file: string, namespace: string): FileObject[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  return documents.flatMap((document) => {
    const [problem] = document.errors;
    if (problem) throw new ToolError(`${file}: ${problem.message}`);
    const object = document.toJS() as KubeObject | null;
    if (!object?.kind || !object.metadata?.name) return [];
    const home = clusterWide.has(object.kind) ? {} : { namespace: object.metadata.namespace ?? namespace };
    const lineOf = (path: string): number => {
      const names = path
        .split(/[.[\]]+/)
        .filter(Boolean)
        .map((n) => (/^\d+$/.test(n) ? Number(n) : n));
      for (let depth = names.length; depth >= 0; depth -= 1) {
        const node: unknown = depth === 0 ? document.contents : document.getIn(names.slice(0, depth), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return 1;
    };
    return [{ object: { ...object, metadata: { ...object.metadata, ...home } }, file, lineOf }];
  });
}
