// The verbs of `malla calificar` besides grading itself.
import type { Command } from 'commander';
import type { Invocation } from '../host.ts';
import { adjustVerb } from './adjust-verb.ts';
import { codesVerb } from './codes-verb.ts';
import { keyVerbs } from './key-verbs.ts';
import { mergeVerb } from './merge-verb.ts';
import { repeatVerb } from './repeat-verb.ts';
import { reportVerb } from './report-verb.ts';
import { reviewVerb } from './review-verb.ts';
import { rubricVerbs } from './rubric-verbs.ts';

export function gradingVerbs(grade: Command, invocation: Invocation): void {
  for (const add of [rubricVerbs, codesVerb, reportVerb, reviewVerb, adjustVerb, keyVerbs, repeatVerb, mergeVerb])
    add(grade, invocation);
}
