// Whether a lab, rewritten for a namespace, stays in it. Its solution, its clean-up and its checks tell; mistakes do not
// count: they are there to be wrong, and some are wrong because of where they are.
import { parseAllDocuments } from 'yaml';
import type { Action, CheckDeclaration, Lab } from '../lab.ts';
import type { Place } from './place.ts';

/** Why it does not, in Spanish without a final period; undefined when it does. */
export function whyNotIn(lab: Lab, place: Place): string | undefined {
  if (lab.chapter) return undefined;
  if (lab.machines) return 'prepara las máquinas de un clúster';
  for (const action of [...lab.steps.flatMap((s) => s.solution), ...lab.cleanup]) {
    const why = whyNotAction(action, place);
    if (why !== undefined) return why;
  }
  for (const check of lab.steps.flatMap((s) => s.checks)) {
    const why = whyNotCheck(check, place);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The course where only a place is the student's: what a lab that does not fit would leave is there already, or is not needed. */
export function labsIn(place: Place, labs: readonly Lab[]): Lab[] {
  const reasons = new Map(labs.map((lab) => [lab.id, whyNotIn(lab, place)]));
  return labs.map((lab) => {
    const notHere = reasons.get(lab.id);
    const requires = lab.requires.filter((id) => reasons.get(id) === undefined);
    return { ...lab, requires, namespace: place.namespace, ...(notHere === undefined ? {} : { notHere }) };
  });
}

function whyNotAction(action: Action, place: Place): string | undefined {
  if (action.type === 'file') return whyNotManifest(action.path, action.content, place);
  if (action.type === 'answer') return undefined;
  const [program, verb = '', ...args] = action.argv;
  if (program === 'malla') return 'trabaja en las máquinas del clúster';
  if (program === 'istioctl' && wholeMesh.has(verb)) return `cambia el Istio de todos (istioctl ${verb})`;
  const elsewhere = namespaceArguments(action.argv).find((n) => n !== place.namespace);
  if (elsewhere !== undefined) return `trabaja en el espacio ${elsewhere}`;
  if (program !== 'kubectl' || !changing.has(verb)) return undefined;
  const kind = args.find((word) => !word.startsWith('-'))?.split('/')[0] ?? '';
  return clusterKinds.test(kind)
    ? `cambia objetos que no están en ningún espacio (kubectl ${verb} ${kind})`
    : undefined;
}

const wholeMesh = new Set(['install', 'uninstall', 'upgrade', 'tag', 'operator', 'manifest']);
const changing = new Set([
  'create',
  'delete',
  'label',
  'annotate',
  'patch',
  'edit',
  'replace',
  'taint',
  'cordon',
  'drain',
]);
const clusterKinds =
  /^(namespaces?|ns|nodes?|no|crds?|customresourcedefinitions?|clusterrole(binding)?s?|persistentvolumes?|pv|[a-z]*webhookconfigurations?|gatewayclass(es)?)(\.|$)/;

function namespaceArguments(argv: readonly string[]): string[] {
  const dashes = argv.indexOf('--');
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  return own.flatMap((word, i) => {
    if (word === '-n' || word === '--namespace') return own[i + 1] ?? [];
    return word.startsWith('--namespace=') ? [word.slice('--namespace='.length)] : [];
  });
}

function whyNotManifest(path: string, content: string, { namespace, gateway }: Place): string | undefined {
  if (!/\.ya?ml$/.test(path)) return undefined;
  for (const document of parseAllDocuments(content)) {
    const {
      kind = '',
      metadata,
      spec,
    } = (document.toJS({ maxAliasCount: 100 }) ?? {}) as {
      kind?: string;
      metadata?: { namespace?: string };
      spec?: { selector?: unknown; targetRefs?: unknown; targetRef?: unknown } | null;
    };
    // On a cluster of one's own the gateway is elsewhere, and such a policy does not reach it.
    const whole = !(spec?.selector ?? spec?.targetRefs ?? spec?.targetRef);
    if (gateway !== undefined && whole && kind === 'AuthorizationPolicy')
      return 'cierra un espacio entero, y en el tuyo está también tu pasarela';
    if (clusterKinds.test(kind.toLowerCase())) return `crea objetos que no están en ningún espacio (${kind})`;
    if (metadata?.namespace !== undefined && metadata.namespace !== namespace)
      return `crea objetos en el espacio ${metadata.namespace}`;
  }
  return undefined;
}

function whyNotCheck(check: CheckDeclaration, { namespace }: Place): string | undefined {
  if (check.type === 'metrica') return 'pregunta a un Prometheus que cuenta lo de todos';
  if (check.type === 'traza') return 'busca en un Jaeger que guarda lo de todos';
  const elsewhere = namespacesIn(check.pattern).find((n) => n !== namespace);
  return elsewhere === undefined ? undefined : `mira en el espacio ${elsewhere}`;
}

/** Of every part of a pattern that says one. */
function namespacesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namespacesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'namespace' && typeof part === 'string' ? [part] : namespacesIn(part),
  );
}
