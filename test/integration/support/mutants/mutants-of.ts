// The solutions of a lab's steps with one mistake each.
import { parseAllDocuments, stringify } from 'yaml';
import type { Action, CheckDeclaration, Lab, Step } from '../../../../src/labs/lab.ts';
import { commandMutants } from './command-mutants.ts';
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

/** Of each way to type a command wrong, in a step. */
const mostCommands = 5;

/** In the order of the steps. */
export function mutantsOf(lab: Lab): Mutant[] {
  const taken = new Map<string, number>();
  const judged = lab.steps.filter((step) => step.checks.some(seesMistakes));
  return judged.flatMap((step) => [
    ...inManifests(lab, step).filter(({ operator, workloads }) => {
      const key = workloads ? operator : `${operator} ${step.id}`;
      const before = taken.get(key) ?? 0;
      taken.set(key, before + 1);
      return before < (workloads ? 1 : most);
    }),
    ...commandMutants(step)
      .filter(({ operator }) => {
        const key = `${operator} ${step.id}`;
        const before = taken.get(key) ?? 0;
        taken.set(key, before + 1);
        return before < mostCommands;
      })
      .map((mutant) => ({ ...mutant, lab: lab.id, step: step.id, workloads: true })),
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

/** Metrics take two scrapes to say anything: tens of seconds for each, unless it is the student's query that is wrong. */
function seesMistakes(check: CheckDeclaration): boolean {
  if (check.type === 'metrica') return typeof check.pattern.query !== 'string';
  return check.type !== 'respuesta';
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
