// The fieldSelector of a query. Each kind knows a few fields besides name and namespace.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { ResourceId } from '../../contract.ts';
import { badRequest } from '../errors.ts';
import { isMap } from './body.ts';

export type FieldMatch = (object: KubeObject) => boolean;

interface Requirement {
  path: string;
  equal: boolean;
  value: string;
}

const event = [
  ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
    (f) => `involvedObject.${f}`,
  ),
  'reason',
  'reportingComponent',
  'source',
  'type',
];

/** As kubectl writes them, for each kind that has some. */
const known: Record<ResourceId, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: event,
  'events.k8s.io/events': event.map((f) => f.replace('involvedObject', 'regarding')),
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful'],
};

/** What an absent field counts as, where that is not the empty string. */
const absent: Record<string, string> = {
  'spec.unschedulable': 'false',
  'spec.hostNetwork': 'false',
  'status.replicas': '0',
  'status.successful': '0',
};

/**
 * Throws 400 for a field that the kind does not know. An empty selector matches everything. `selectable`: those that a
 * CRD says of its kind; undefined for kinds of Kubernetes.
 */
export function parseFieldQuery(text: string, resource: ResourceId, selectable?: string[]): FieldMatch {
  const requirements = split(text).map(parseRequirement);
  for (const { path } of requirements) checkKnown(path, selectable ?? known[resource]);
  return (object) => requirements.every(({ path, equal, value }) => (valueAt(object, path) === value) === equal);
}

/** The one name that the selector asks for, so that a read by name need not scan. */
export function nameAsked(text: string): string | undefined {
  return split(text)
    .map(parseRequirement)
    .find((r) => r.path === 'metadata.name' && r.equal)?.value;
}

/** At commas that no backslash escapes. */
function split(text: string): string[] {
  return text.match(/(?:\\.|[^,\\])+/gs) ?? [];
}

function parseRequirement(term: string): Requirement {
  const found = /^((?:\\.|[^=!\\])*)(==|!=|=)(.*)$/s.exec(term);
  if (!found) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, path = '', operator, value = ''] = found;
  return { path: path.trim(), equal: operator !== '!=', value: value.replace(/\\([\\,=])/g, '$1') };
}

function checkKnown(path: string, fields: readonly string[] | undefined): void {
  if (path === 'metadata.name' || path === 'metadata.namespace') return;
  if (fields?.includes(path)) return;
  throw badRequest(
    fields
      ? `field label not supported: ${path}`
      : `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function valueAt(object: KubeObject, path: string): string {
  if (path === 'source') return textAt(object, 'source.component') || textAt(object, 'reportingComponent');
  if (path === 'status.successful') return textAt(object, 'status.succeeded') || '0';
  return textAt(object, path) || (absent[path] ?? '');
}

function textAt(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) value = isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value === undefined || value === null ? '' : String(value);
}
