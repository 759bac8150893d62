// How close two names are, to tell a slip of the keys from another thing.

/** True when a few keystrokes turn one into the other; equal texts are not a typo. */
export function isTypo(written: string, meant: string): boolean {
  if (written === meant) return false;
  const [a, b] = [plain(written), plain(meant)];
  const slips = Math.max(1, Math.floor(meant.length / 6));
  // What a student writes may be of any length.
  if (Math.abs(a.length - b.length) > slips) return false;
  return a === b || distance(a, b) <= slips;
}

/** The candidate that was most likely meant. */
export function closest<T>(written: string, candidates: readonly T[], name: (candidate: T) => string): T | undefined {
  return candidates
    .filter((c) => isTypo(written, name(c)))
    .toSorted((a, b) => distance(written, name(a)) - distance(written, name(b)))[0];
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Levenshtein's, with a swap of neighbours as one slip. Names are at most a few hundred characters. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
