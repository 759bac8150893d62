// A rule that leads to pods, with the wrong weights or to the wrong versions.

import { printLabels } from '../../cluster/labels.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { VirtualService } from '../scene.ts';
import type { RouteShare, RuleSplit } from './rule-split.ts';
import type { SplitQuestion } from './split-question.ts';

export function wrongWeights(question: SplitQuestion, vs: VirtualService, rule: RuleSplit): Diagnosis {
  return (
    mislabelledSubset(question, rule) ??
    unseparated(vs, rule) ??
    otherVersion(question, vs, rule) ??
    missingVersion(question, vs, rule) ??
    swapped(question, vs, rule) ??
    otherWeights(question, vs, rule)
  );
}

/** Named after a class, and selects the pods of another. */
function mislabelledSubset({ expected, target }: SplitQuestion, { destinations }: RuleSplit): Diagnosis | undefined {
  const classes = new Set([...Object.keys(expected), ...target.classOf.values()]);
  for (const { subset, selected, classes: reached } of destinations) {
    if (!subset || !selected || !classes.has(subset) || reached.length === 0 || reached.includes(subset)) continue;
    return diagnose(
      'MALLA-DES-05',
      `El subset ${subset} de ${nameOf(selected.rule)} selecciona ${printLabels(selected.labels)}: son pods de ${reached.join(', ')}`,
      { at: selected.rule, path: `${selected.path}.labels` },
    );
  }
  return undefined;
}

function unseparated(vs: VirtualService, { destinations }: RuleSplit): Diagnosis | undefined {
  const open = destinations.find((d) => d.subset === undefined && d.share > 0 && d.classes.length > 1);
  if (!open) return undefined;
  return diagnose(
    'MALLA-REP-06',
    `${nameOf(vs)} tiene un destino sin subset, que se reparte entre ${open.classes.join(', ')}`,
    {
      at: vs,
      path: `${open.path}.destination`,
    },
  );
}

/** A version takes the place of another that was asked for. */
function otherVersion(
  { expected }: SplitQuestion,
  vs: VirtualService,
  { shares, destinations }: RuleSplit,
): Diagnosis | undefined {
  const missing = wanted(expected).filter((name) => !shares[name]);
  const intruder = destinations.find((d) => d.share > 0 && d.classes.some((c) => !expected[c]));
  if (missing.length === 0 || !intruder) return undefined;
  return diagnose(
    'MALLA-REP-04',
    `${nameOf(vs)} envía tráfico a ${intruder.classes.join(', ')}, y debía ir a ${missing.join(', ')}`,
    { at: vs, path: `${intruder.path}.destination.subset` },
  );
}

function missingVersion(
  { expected }: SplitQuestion,
  vs: VirtualService,
  { index, shares, destinations }: RuleSplit,
): Diagnosis | undefined {
  const missing = wanted(expected).find((name) => !shares[name]);
  // With a destination of weight 0 for it, what is wrong is the weight.
  if (missing === undefined || destinations.some((d) => d.classes.includes(missing))) return undefined;
  return diagnose('MALLA-REP-03', `${nameOf(vs)} no envía nada a ${missing}`, {
    at: vs,
    path: `spec.http[${index}].route`,
  });
}

function swapped({ expected }: SplitQuestion, vs: VirtualService, { index, shares }: RuleSplit): Diagnosis | undefined {
  const sorted = (split: Record<string, number>): string =>
    Object.values(split)
      .filter((s) => s > 0)
      .map((s) => s.toFixed(2))
      .toSorted()
      .join();
  if (wanted(expected).length < 2 || sorted(shares) !== sorted(expected)) return undefined;
  return diagnose('MALLA-REP-02', `${nameOf(vs)} reparte ${printShares(shares)}, y se pide ${printShares(expected)}`, {
    at: vs,
    path: `spec.http[${index}].route`,
  });
}

function otherWeights({ expected }: SplitQuestion, vs: VirtualService, { shares, destinations }: RuleSplit): Diagnosis {
  const share = (d: RouteShare): number => d.classes.reduce((sum, c) => sum + (expected[c] ?? 0), 0);
  const wrong = destinations.find((d) => Math.abs(share(d) - d.share) >= 0.005) ?? destinations[0];
  return diagnose('MALLA-REP-01', `${nameOf(vs)} reparte ${printShares(shares)}, y se pide ${printShares(expected)}`, {
    at: vs,
    path: wrong && `${wrong.path}.weight`,
  });
}

function wanted(expected: Record<string, number>): string[] {
  return Object.keys(expected).filter((name) => (expected[name] ?? 0) > 0);
}

/** `v1 90 %, v2 10 %`. */
export function printShares(shares: Record<string, number>): string {
  const parts = Object.entries(shares).filter(([, share]) => share > 0);
  return parts
    .map(([name, share]) => `${name} ${Number((share * 100).toFixed(1)).toLocaleString('es-ES')} %`)
    .join(', ');
}
