// The text of a lab as a document that tests point into: what the student reads, without hints and solutions. Pure.
import type { Lab } from '../../labs/lab.ts';

export interface LabDocument {
  text: string;
  /** Step, or `step/check` → its line, from 0. */
  lines: ReadonlyMap<string, number>;
}

/** `checksTitle`: the heading over the checks of a step. */
export function labDocument(lab: Lab, checksTitle: string): LabDocument {
  const written: string[] = [`# ${lab.title}`, ''];
  const lines = new Map<string, number>();
  const put = (text: string): void => void written.push(...text.split('\n'));
  if (lab.introduction) put(`${lab.introduction.trimEnd()}\n`);
  for (const [index, step] of lab.steps.entries()) {
    lines.set(step.id, written.length);
    put(`## ${index + 1}. ${step.title}\n`);
    if (step.markdown.trim()) put(`${step.markdown.trim()}\n`);
    if (step.checks.length === 0) continue;
    put(`### ${checksTitle}\n`);
    for (const check of step.checks) {
      lines.set(`${step.id}/${check.id}`, written.length);
      put(`- ${check.title}`);
    }
    put('');
  }
  return { text: `${written.join('\n').trimEnd()}\n`, lines };
}
