// Follows a lab's actions, solutions and mistakes alike, and collects what they make.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Action, Lab } from '../lab.ts';
import { type KubectlCall, objectOf, readKubectl } from './command-objects.ts';
import { identityOf, type Made, type MadeLabel, type MadeObject } from './made.ts';
import { objectsIn, placed } from './manifest-objects.ts';

/**
 * Everything that following the lab's text, right or wrong, may leave on a cluster. Who asks for many labs passes one
 * `readObjects` that remembers: the course's files come again and again, and the largest takes a second.
 */
export function madeBy(
  lab: Pick<Lab, 'steps' | 'cleanup' | 'namespace'>,
  readObjects: ReadObjects = rememberObjects(),
): Made {
  const walk = createWalk(readObjects, lab.namespace);
  for (const step of lab.steps) {
    for (const mistake of step.mistakes) walk.follow(mistake.actions, false);
    walk.follow(step.solution, true);
  }
  walk.follow(lab.cleanup, true);
  return walk.made();
}

export type ReadObjects = (text: string) => KubeObject[];

/** Reads each text once. */
export function rememberObjects(): ReadObjects {
  const known = new Map<string, KubeObject[]>();
  return (text) => {
    const objects = known.get(text) ?? objectsIn(text);
    known.set(text, objects);
    return objects;
  };
}

function createWalk(readObjects: ReadObjects, home: string | undefined) {
  const files = new Map<string, string>();
  const objects = new Map<string, MadeObject>();
  const labels = new Map<string, MadeLabel>();
  /** Image → the containers that run it. */
  const images = new Map<string, Set<string>>();
  const touched = new Set<string>();
  let istio = false;

  const runs = (image: string, container: string): void => {
    images.set(image, (images.get(image) ?? new Set()).add(container));
  };
  const stops = (container: string): void => {
    for (const [image, containers] of images)
      if (containers.delete(container) && containers.size === 0) images.delete(image);
  };
  const add = (object: KubeObject, settled: boolean, isPartial = false): void => {
    const ref = refOf(object);
    const known = objects.get(identityOf(ref)) ?? { ...ref, forms: [] };
    known.forms.push(object);
    if (settled && !isPartial) known.settled = object;
    objects.set(identityOf(ref), known);
    if (!settled) return;
    for (const { name, image } of containersOf(object)) runs(image, `${identityOf(ref)} ${name}`);
  };

  const kubectl = (call: KubectlCall, own: ReadonlyMap<string, string>, settled: boolean): void => {
    const made = objectOf(call);
    if (made) add(made, settled);
    if (call.verb === 'apply' || call.verb === 'create') {
      for (const file of call.files) {
        const text = own.get(file) ?? files.get(file);
        for (const object of readObjects(text ?? '')) add(placed(object, call.namespace), settled);
      }
    }
    if (call.verb === 'label') for (const label of labelsOf(call)) labels.set(JSON.stringify(label), label);
    for (const identity of touchedBy(call)) touched.add(identity);
    if (call.verb === 'set' && call.words[0] === 'image')
      for (const object of withImage(call, objects)) {
        // What a solution replaces is no longer needed: it may be the fault that is to be found.
        if (settled) for (const { name } of containersOf(object)) stops(`${identityOf(refOf(object))} ${name}`);
        add(object, settled, true);
      }
  };

  return {
    follow(actions: readonly Action[], settled: boolean): void {
      const own = new Map<string, string>();
      for (const action of actions) {
        if (action.type === 'file') own.set(action.path, action.content);
        if (action.type !== 'run') continue;
        const call = readKubectl(action.argv, home);
        if (call) kubectl(call, own, settled);
        const [program, verb] = action.argv;
        if (program !== 'istioctl') continue;
        if (verb === 'install') istio = true;
        if (verb === 'kube-inject') copyInjected(action.argv, own, files);
      }
      if (settled) for (const [path, content] of own) files.set(path, content);
    },
    made: (): Made => ({
      objects: [...objects.values()],
      labels: [...labels.values()],
      istio,
      images: [...images.keys()],
      touched: [...touched],
    }),
  };
}

/** Images of a workload's containers, whatever the kind. */
export function imagesOf(object: KubeObject): string[] {
  return containersOf(object).map((c) => c.image);
}

function containersOf(object: KubeObject): { name: string; image: string }[] {
  const spec = (object.spec ?? {}) as PodOwner;
  const pod = object.kind === 'CronJob' ? spec.jobTemplate?.spec?.template?.spec : (spec.template?.spec ?? spec);
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].flatMap((c) =>
    typeof c?.image === 'string' ? [{ name: String(c.name), image: c.image }] : [],
  );
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject) {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

interface Container {
  name?: unknown;
  image?: unknown;
}
interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
}
interface PodOwner extends PodSpec {
  template?: { spec?: PodSpec };
  jobTemplate?: { spec?: { template?: { spec?: PodSpec } } };
}

function labelsOf({ words }: KubectlCall): MadeLabel[] {
  const [kind, namespace, ...pairs] = words;
  if ((kind !== 'namespace' && kind !== 'ns') || namespace === undefined) return [];
  return pairs.flatMap((pair) => {
    const [key, value] = pair.split('=');
    return key && value !== undefined ? [{ namespace, key, value }] : [];
  });
}

/** `scale deployment/x`, `patch deployment x`, `set env deployment/x`. */
function touchedBy({ verb, words, namespace }: KubectlCall): string[] {
  if (!['scale', 'patch', 'set'].includes(verb)) return [];
  const [first = '', second] = verb === 'set' ? words.slice(1) : words;
  const [short = '', name = second] = first.split('/');
  const known = changeable[short.replace(/s$/, '')];
  return known && name ? [identityOf({ ...known, namespace, name })] : [];
}

const changeable: Readonly<Record<string, { apiVersion: string; kind: string }>> = {
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  deploy: { apiVersion: 'apps/v1', kind: 'Deployment' },
  service: { apiVersion: 'v1', kind: 'Service' },
  svc: { apiVersion: 'v1', kind: 'Service' },
};

/** `set image deployment/notas notas=IMAGE`: one more form of each Deployment of that name. */
function withImage({ words, namespace }: KubectlCall, objects: ReadonlyMap<string, MadeObject>): KubeObject[] {
  const [, target = '', ...pairs] = words;
  const name = target.split('/')[1] ?? target;
  const containers = pairs.map((pair) => ({ name: pair.split('=')[0], image: pair.slice(pair.indexOf('=') + 1) }));
  return [...objects.values()]
    .filter((o) => o.kind === 'Deployment' && o.name === name && o.namespace === namespace)
    .flatMap(({ forms }) => forms.slice(0, 1))
    .map((form) => {
      const { selector } = (form.spec ?? {}) as { selector?: unknown };
      return { ...form, spec: { selector, template: { spec: { containers } } } };
    });
}

/** What kube-inject writes is the file that it read, with the sidecar, which is not looked at. */
function copyInjected(argv: readonly string[], own: Map<string, string>, files: ReadonlyMap<string, string>): void {
  const after = (flag: string): string => argv[argv.indexOf(flag) + 1] ?? '';
  const from = after('-f');
  const text = own.get(from) ?? files.get(from);
  if (argv.includes('-o') && text !== undefined) own.set(after('-o'), text);
}
