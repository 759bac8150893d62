// What a command of a lab creates without a file: the verbs of kubectl that the course uses.
import type { KubeObject } from '../../mesh/objects.ts';

export interface KubectlCall {
  /** `apply`, `create`, `label`… */
  verb: string;
  /** Words that are no option, after the verb. */
  words: string[];
  /** Long options by name; the last one wins, except in `all`. */
  options: Record<string, string>;
  files: string[];
  namespace: string;
}

const withValue = new Set(['-n', '--namespace', '-f', '--filename', '-l', '--selector', '-p', '--patch', '-c', '-o']);

/** Undefined when it is not a call of kubectl with a verb. `home` is the namespace of what names none. */
export function readKubectl([program, ...args]: readonly string[], home = 'default'): KubectlCall | undefined {
  if (program !== 'kubectl') return undefined;
  const words: string[] = [];
  const files: string[] = [];
  const options: Record<string, string> = {};
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const [name = '', inline] = split(word);
    const value = inline ?? (withValue.has(name) ? args[++i] : undefined) ?? 'true';
    if (name === '-f' || name === '--filename') files.push(value);
    else options[name === '-n' ? 'namespace' : name.replace(/^-+/, '')] = value;
  }
  const [verb, ...rest] = words;
  return verb === undefined ? undefined : { verb, words: rest, options, files, namespace: options.namespace ?? home };
}

/** Of `create`, `run` and `expose`, in the form that matters to recognise it. */
export function objectOf({ verb, words, options, namespace }: KubectlCall): KubeObject | undefined {
  const [what = '', ...names] = words;
  if (verb === 'run') return workload('v1', 'Pod', what, namespace, { run: what }, options.image);
  if (verb === 'expose') return exposed(words, options, namespace);
  if (verb !== 'create') return undefined;
  const last = names.at(-1);
  if (last === undefined) return undefined;
  switch (what) {
    case 'namespace':
    case 'ns':
      return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: last } };
    case 'deployment':
    case 'deploy':
      return workload('apps/v1', 'Deployment', last, namespace, { app: last }, options.image);
    case 'secret':
      return { apiVersion: 'v1', kind: 'Secret', metadata: { name: last, namespace } };
    case 'configmap':
    case 'cm':
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: last, namespace } };
    case 'serviceaccount':
    case 'sa':
      return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: last, namespace } };
    default:
      return undefined;
  }
}

function workload(
  apiVersion: string,
  kind: string,
  name: string,
  namespace: string,
  labels: Record<string, string>,
  image: string | undefined,
): KubeObject {
  const containers = image === undefined ? [] : [{ name, image }];
  const spec =
    kind === 'Pod' ? { containers } : { selector: { matchLabels: labels }, template: { spec: { containers } } };
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

/** `expose deployment web` and `expose deployment/web`; the selector is the Deployment's, which is not known here. */
function exposed(words: readonly string[], options: Record<string, string>, namespace: string): KubeObject | undefined {
  const target = words[0]?.split('/')[1] ?? words[1];
  const name = options.name ?? target;
  if (name === undefined) return undefined;
  const port = Number(options.port);
  const ports = Number.isInteger(port) ? { ports: [{ port }] } : {};
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: ports };
}

function split(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
