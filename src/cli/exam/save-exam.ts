// Keeps how the labs of an exam stand on the student's cluster: what was done and never verified is graded too.

import { readChosen } from '../../cluster/chosen.ts';
import { statusEmbedded } from '../../cluster/embedded/embedded.ts';
import { mallaHome } from '../../cluster/home.ts';
import type { Exam } from '../../grading/exam/exam-state.ts';
import { readJournal } from '../../grading/journal/journal-file.ts';
import type { Lab, Step } from '../../labs/lab.ts';
import { reachCluster } from '../access.ts';
import { loadCourse } from '../course.ts';
import type { Host } from '../host.ts';
import { evidenceKeeper } from '../keep-evidence.ts';

/**
 * `where`: under it the labs' folders are. False when there is no cluster at hand: none is started for it. Labs of
 * machines have no objects to keep. Rejects with CodedError when the cluster cannot be reached.
 */
export async function saveExam(host: Host, exam: Exam, where: string): Promise<boolean> {
  const home = mallaHome(host.env);
  const chosen = await readChosen(home);
  if (chosen.kind === 'embebido' && !(await statusEmbedded({ home })).running) return false;
  const course = await loadCourse(host);
  const cluster = await reachCluster(host, {});
  const keeper = evidenceKeeper({ host, cluster, course, where });
  const { records } = await readJournal(home);
  const isRight = (lab: Lab, step: Step): boolean =>
    records.some(
      (r) =>
        r.lab === lab.id &&
        r.step === step.id &&
        r.verdicts.length > 0 &&
        r.at >= exam.begun &&
        r.verdicts.every((v) => v.state === 'correcto'),
    );
  for (const id of exam.sheet.labs) {
    const lab = course.find((l) => l.id === id);
    if (!lab || lab.machines) continue;
    const open = lab.steps.filter((step) => step.checks.length > 0 && !isRight(lab, step));
    if (open.length > 0) await keeper.keepUnjudged(lab, open);
  }
  await keeper.done();
  return true;
}
