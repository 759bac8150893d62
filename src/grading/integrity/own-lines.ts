// The lines that a lab gives to everybody: its text, solutions and all, as one student had it, and the samples it names.
import { readFenceInfo } from '../../labs/fence-info.ts';
import { applyParameters } from '../../labs/parameters.ts';
import { createProblems } from '../../labs/problem.ts';

export interface LabSource {
  /** lab.md as it is written. */
  text: string;
  samples(name: string): string | undefined;
}

/** Lines without the spaces around them. */
export function ownLinesOf({ text, samples }: LabSource, seed: string): Set<string> {
  const drawn = applyParameters(text.replaceAll('\r\n', '\n'), seed, createProblems('lab.md'));
  const lines = drawn.split('\n');
  const named = lines.flatMap((line) => {
    const fence = /^\s*```+(.*)$/.exec(line)?.[1];
    const sample = fence === undefined ? undefined : readFenceInfo(fence).values.muestra;
    return sample === undefined ? [] : (samples(sample) ?? '').split('\n');
  });
  return new Set([...lines, ...named].map((line) => line.trim()));
}
