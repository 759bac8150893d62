// The solutions of a lab's steps with one mistake each.
import { parseAllDocuments, stringify } from 'yaml';
import type { Action, Lab, Step } from '../../../../src/labs/lab.ts';
import type { JsonObject, Manifest } from './manifest.ts';
import { operators } from './operators.ts';

export interface Mutant {
  lab: string;
  step: string;
  operator: string;
  what: string;
  /** Causes that are right to name first. */
  codes: readonly string[];
  /** Instead of the solution. */
  actions: Action[];
  /** Pods change too, and do not go back by themselves. */
  workloads: boolean;
}

/** Kinds that are only configuration: putting the objects back puts everything back. */
const configuration =
  /^(VirtualService|DestinationRule|Gateway|PeerAuthentication|RequestAuthentication|AuthorizationPolicy|Telemetry|HTTPRoute)$/;

/** Of each operator, this many at most in a step; where pods change too, one in a lab. */
const most = 2;

/** In the order of the steps. */
export function mutantsOf(lab: Lab): Mutant[] {
  const taken = new Map<string, number>();
  // Metrics take two scrapes to say anything, of a mistake too: tens of seconds for each.
  const judged = lab.steps.filter((step) => step.checks.some(({ type }) => type !== 'respuesta' && type !== 'metrica'));
  return judged.flatMap((step) => [
    ...inManifests(lab, step).filter(({ operator, workloads }) => {
      const key = workloads ? operator : `${operator} ${step.id}`;
      const before = taken.get(key) ?? 0;
      taken.set(key, before + 1);
      return before < (workloads ? 1 : most);
    }),
    ...inCommands(lab, step),
  ]);
}

function inManifests(lab: Lab, step: Step): Mutant[] {
  return step.solution.flatMap((action, turn) => {
    if (action.type !== 'file' || !/\.ya?ml$/.test(action.path) || !isApplied(step, action.path)) return [];
    const documents = parseAllDocuments(action.content).map((document) => document.toJS() as JsonObject | null);
    return documents.flatMap((value, i) => {
      const manifest = manifestOf(value);
      if (!manifest) return [];
      const seen = operators.filter(({ seenBy }) => !seenBy || step.checks.some((c) => seenBy.includes(c.type)));
      const checks = JSON.stringify(step.checks);
      const apt = seen.filter(({ named }) => !named || named(manifest).test(checks));
      return apt.flatMap((operator) =>
        operator.mutate(manifest).map(({ what, instead }) => {
          const others = documents.toSpliced(i, 1, ...instead).filter((d) => d !== null);
          const content = others.map((d) => stringify(d)).join('---\n');
          const actions = step.solution.flatMap((a, j) => {
            if (j === turn) return others.length > 0 ? [{ ...action, content }] : [];
            return others.length === 0 && usesFile(a, action.path) ? [] : [a];
          });
          return {
            lab: lab.id,
            step: step.id,
            operator: operator.name,
            what: `${manifest.kind} ${manifest.name}: ${what}`,
            codes: operator.codes,
            actions,
            workloads: !onlyConfiguration(step),
          };
        }),
      );
    });
  });
}

/** A label typed wrong, and the restart that is forgotten after it. */
function inCommands(lab: Lab, step: Step): Mutant[] {
  const mutant = { lab: lab.id, step: step.id, workloads: true };
  return step.solution.flatMap((action, turn): Mutant[] => {
    if (action.type !== 'run') return [];
    const [program, ...words] = action.argv;
    const replaced = (argv: string[]): Action[] => step.solution.with(turn, { ...action, argv: [program, ...argv] });
    if (words[0] === 'label' && words.includes('istio-injection=enabled')) {
      const labelled = (label: string) => replaced(words.map((w) => (w === 'istio-injection=enabled' ? label : w)));
      const wrong = (what: string, codes: string[]) => ({
        ...mutant,
        operator: 'etiqueta de inyección',
        what,
        codes,
        actions: labelled(what),
      });
      return [
        wrong('istio-injectio=enabled', ['MALLA-INY-02']),
        wrong('istio-inyection=enabled', ['MALLA-INY-02']),
        wrong('istio-injection=enable', ['MALLA-INY-03']),
        wrong('istio-injection=true', ['MALLA-INY-03']),
        wrong('istio-injection=disabled', ['MALLA-INY-03']),
        {
          ...mutant,
          operator: 'etiqueta en otro espacio de nombres',
          what: 'kube-public',
          codes: ['MALLA-INY-04', 'MALLA-INY-01'],
          actions: replaced(words.map((w, i) => (i === 2 ? 'kube-public' : w))),
        },
      ];
    }
    if (words[0] === 'rollout' && words[1] === 'restart')
      return [
        {
          ...mutant,
          operator: 'sin recrear los pods',
          what: `falta kubectl ${words.join(' ')}`,
          codes: ['MALLA-INY-05', 'MALLA-INY-08', 'MALLA-OBS-01', 'MALLA-OBS-36'],
          actions: step.solution.toSpliced(turn, 1),
        },
      ];
    return [];
  });
}

function manifestOf(value: JsonObject | null): Manifest | undefined {
  const metadata = value?.metadata;
  if (!value || typeof value.kind !== 'string' || typeof metadata !== 'object' || metadata === null) return undefined;
  if (Array.isArray(metadata) || typeof metadata.name !== 'string') return undefined;
  return { kind: value.kind, name: metadata.name, value };
}

function isApplied({ solution }: Step, path: string): boolean {
  return solution.some((a) => usesFile(a, path));
}

function usesFile(action: Action, path: string): boolean {
  return action.type === 'run' && action.argv.includes(path);
}

function onlyConfiguration({ solution }: Step): boolean {
  return solution.every((action) => {
    if (action.type === 'run')
      return action.argv[0] === 'kubectl' && action.argv[1] === 'apply' && !action.argv.includes('-n');
    if (action.type !== 'file') return false;
    return parseAllDocuments(action.content).every((d) => {
      const value = d.toJS() as JsonObject | null;
      return value === null || (typeof value.kind === 'string' && configuration.test(value.kind));
    });
  });
}
