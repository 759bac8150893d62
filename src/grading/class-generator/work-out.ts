// A made-up student's work, really done in a world: what their journal would hold.
import { join } from 'node:path';
import { verifyCheck } from '../../checks/verify.ts';
import { answerKey } from '../../labs/answers.ts';
import type { Lab } from '../../labs/lab.ts';
import type { UnchainedRecord } from '../handin/chain.ts';
import { capture } from '../journal/capture.ts';
import { claimed } from '../journal/claimed.ts';
import type { Scope } from '../journal/scope.ts';
import { workFiles } from '../journal/work-files.ts';
import { labVersion } from '../lab-version.ts';
import { carryOut } from '../replay/carry-out.ts';
import type { Life } from '../replay/world/world.ts';
import type { Behaviour } from './behaviour.ts';

export interface WorkedOut {
  records: UnchainedRecord[];
  /** What the records name by digest. */
  texts: string[];
}

/** In order; a command that fails, as that of some mistakes does, is left at that. */
export async function workOut(
  { cluster, env }: Life,
  { lab, scope, behaviour, folder }: { lab: Lab; scope: Scope; behaviour: Behaviour; folder: string },
): Promise<WorkedOut> {
  const { signal } = new AbortController();
  const own = join(folder, lab.id);
  const answers: Record<string, string> = {};
  const records: UnchainedRecord[] = [];
  const texts = new Set<string>();
  for (const step of lab.steps) {
    const what = behaviour.does.get(step.id);
    if (what === undefined) continue;
    const actions = what === 'solucion' ? step.solution : what.actions;
    const done = await carryOut(actions, { folder: own, env, signal });
    Object.assign(answers, done.answers);
    const given = Object.fromEntries(
      step.checks.flatMap((check) => {
        const answer = answers[answerKey(step.id, check.id)];
        return answer === undefined ? [] : [[check.id, answer]];
      }),
    );
    const verdicts = [];
    for (const check of step.checks)
      verdicts.push(claimed(await verifyCheck(check, { cluster, signal, answer: given[check.id] })));
    const [seen, files] = [await capture(cluster, scope), await workFiles(own)];
    for (const { text } of [...files, ...(seen?.objects ?? [])]) texts.add(text);
    records.push({
      at: new Date().toISOString(),
      event: 'verificacion',
      lab: lab.id,
      step: step.id,
      labVersion: labVersion(lab),
      verdicts,
      answers: given,
      files: files.map(({ path, sha256 }) => ({ path, sha256 })),
      ...(seen
        ? { objects: seen.objects.map(({ text: _text, ...named }) => named), pods: seen.pods, cluster: seen.cluster }
        : {}),
    });
  }
  return { records, texts: [...texts] };
}
