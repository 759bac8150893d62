// Are the answers independent of each other? If they are not, no split can be judged from them. Three traces are looked
// for, each by its likelihood ratio against independent answers of the same shares:
//   a change      the answers before some moment have other shares than those after it: two configurations in time;
//   persistence   an answer is like the one before it: sticky sessions, retries, a repeated answer;
//   periodicity   an answer is like the one some places before: keys that a consistent hash always sends to one place.
// Answers that alternate more than chance (a balancer that takes turns) are not among them: their shares can be trusted.

/** Evidence (nats, less the price of having looked in many places) from which answers are held to be dependent. */
export const dependentFrom = 9.3;
/**
 * Evidence from which it is worth seeing more answers before anything is said. A refusal is looked into sooner: answers
 * that stick together are often refused by few of them, and an acceptance has seen hundreds.
 */
export const suspiciousFrom = { correcto: 4.5, incorrecto: 1.5 };

const longestLag = 16;
/** A change is looked for with at least this many answers on each side. */
const shortestSide = 6;
/** Prices found by simulation (dependence.test.ts): a change can be anywhere, a period can have many lengths. */
const price = { change: 3.5, oneMoreClass: 1.3, persistence: -1.2, period: 1.7 };

export interface AnswerLog {
  /** Classes are numbered from 0. */
  add(classNumber: number): void;
  /** The strongest of the traces. O(answers). */
  evidence(): number;
}

/** `turns`: how many versions a balancer that takes turns would have; 0 where the split is not an even one. */
export function createAnswerLog(classes: number, turns: number): AnswerLog {
  const answers: number[] = [];
  const counts = new Array<number>(classes).fill(0);
  return {
    add(classNumber) {
      answers.push(classNumber);
      counts[classNumber] = (counts[classNumber] ?? 0) + 1;
    },
    evidence() {
      const seen = counts.flatMap((count, number) => (count > 0 ? [number] : []));
      if (seen.length < 2) return 0;
      const change = changeRatio(answers, counts) - price.change - (seen.length - 2) * price.oneMoreClass;
      return Math.max(change, lagEvidence(answers, seen, turns));
    },
  };
}

/** The greatest ln of the likelihood of two sets of shares, before and after a moment, against one. */
function changeRatio(answers: readonly number[], counts: readonly number[]): number {
  const n = answers.length;
  const before = new Array<number>(counts.length).fill(0);
  let together = -xlogx(n);
  for (const count of counts) together += xlogx(count);
  let best = 0;
  for (let t = 1; t <= n - shortestSide; t++) {
    const number = answers[t - 1] ?? 0;
    before[number] = (before[number] ?? 0) + 1;
    if (t < shortestSide) continue;
    let apart = -xlogx(t) - xlogx(n - t);
    for (let c = 0; c < counts.length; c++) apart += xlogx(before[c] ?? 0) + xlogx((counts[c] ?? 0) - (before[c] ?? 0));
    if (apart > best + together) best = apart - together;
  }
  return best;
}

function lagEvidence(answers: readonly number[], seen: readonly number[], turns: number): number {
  // Two classes are each other's complement: one says it all.
  const asked = seen.length === 2 ? seen.slice(0, 1) : seen;
  const marks = asked.map((c) => Uint8Array.from(answers, (a) => (a === c ? 1 : 0)));
  const choice = Math.log(asked.length);
  const persistence = Math.max(...marks.map((mark) => repeatRatio(mark, 1))) - price.persistence - choice;
  if (seen.length === turns && takesTurns(answers, turns)) return persistence;
  let best = 0;
  for (let lag = 2; lag <= Math.min(longestLag, Math.floor(answers.length / 3)); lag++)
    for (const mark of marks) best = Math.max(best, repeatRatio(mark, lag));
  return Math.max(persistence, best - price.period - choice);
}

/** ln of the likelihood that a mark depends on whether there was one `lag` places before, if it does so positively. */
function repeatRatio(mark: Uint8Array, lag: number): number {
  const n = mark.length - lag;
  let first = 0;
  let second = 0;
  let both = 0;
  for (let i = 0; i < n; i++) {
    const was = mark[i] ?? 0;
    const is = mark[i + lag] ?? 0;
    first += was;
    second += is;
    both += was & is;
  }
  if (both * n <= first * second) return 0;
  const table = xlogx(both) + xlogx(first - both) + xlogx(second - both) + xlogx(n - first - second + both);
  return table + xlogx(n) - xlogx(first) - xlogx(n - first) - xlogx(second) - xlogx(n - second);
}

/** A balancer that gives each of its k versions one answer in turn: v1 v2 v3 v1 v2 v3. */
function takesTurns(answers: readonly number[], versions: number): boolean {
  return answers.every((a, i) => (i < versions ? answers.indexOf(a) === i : a === answers[i - versions]));
}

const products: number[] = [0];
function xlogx(n: number): number {
  for (let i = products.length; i <= n; i++) products.push(i * Math.log(i));
  return products[n] ?? 0;
}
