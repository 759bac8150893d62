// A step whose requests are sent under one rule and then another leaves traces that its last state cannot: a line of a log
// of when there was a limit and still a pod. Of such a step the text is done again as far as its last request, with the
// student's own files where they are; what they ended with is put in place afterwards.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Action, Step } from '../../labs/lab.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import type { JournalRecord } from '../handin/hand-in.ts';
import type { Scope } from '../journal/scope.ts';
import { type CarryOutOptions, carryOut } from './carry-out.ts';

export interface PreludeOptions extends CarryOutOptions {
  step: Step;
  record: JournalRecord;
  texts: ReadonlyMap<string, string>;
  scope: Scope;
}

/** True when it was done: the step's requests are sent already. What fails is left at that, as a student leaves it. */
export async function playPrelude({ step, record, texts, scope, ...carrying }: PreludeOptions): Promise<boolean> {
  const actions = preludeOf(step);
  if (actions.length === 0) return false;
  for (const { path, sha256 } of record.files) {
    const text = texts.get(sha256);
    if (text === undefined || !isOfLab(text, scope)) continue;
    const to = join(carrying.folder, path);
    if (!to.startsWith(carrying.folder + sep)) continue;
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, text);
  }
  for (const action of actions) await carryOut([action], carrying);
  return true;
}

/** Empty when no change comes after a request. Files are the student's: the text's own would do their work for them. */
export function preludeOf({ solution }: Pick<Step, 'solution'>): Action[] {
  const first = solution.findIndex(isRequest);
  const last = solution.findLastIndex(isRequest);
  if (first < 0 || !solution.slice(first, last).some(isChange)) return [];
  return solution.slice(0, last + 1).filter((action) => action.type === 'run');
}

/** Requests that a step's text asks for, so that logs, figures and traces have something to tell. They configure nothing. */
export function isRequest(action: Action): boolean {
  if (action.type !== 'run') return false;
  const [program, verb] = action.argv;
  return program === 'curl' || (program === 'kubectl' && verb === 'exec');
}

const changing = new Set(['apply', 'create', 'delete', 'label', 'patch', 'scale', 'set', 'replace']);

function isChange(action: Action): boolean {
  return action.type === 'run' && action.argv[0] === 'kubectl' && changing.has(action.argv[1] ?? '');
}

/** What a student's file would make may only be of the lab, as what their cluster held. */
function isOfLab(text: string, scope: Scope): boolean {
  try {
    const objects = parseAllDocuments(text, { logLevel: 'silent' }).map(
      (document) => document.toJS({ maxAliasCount: 0 }) as Partial<KubeObject> | null,
    );
    return objects.every((object) => {
      if (object === null) return true;
      const { apiVersion, kind, metadata } = object;
      if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string')
        return false;
      const { name, namespace = 'default' } = metadata;
      return scope.has({ apiVersion, kind, metadata: { name, namespace } });
    });
  } catch {
    return false;
  }
}
