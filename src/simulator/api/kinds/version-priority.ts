// Which of two versions of an API comes first.

/** Stable before beta before alpha, newer before older: `v2`, `v1`, `v1beta1`, `v1alpha3`. */
export function byPriority(a: string, b: string): number {
  const [x, y] = [rank(a), rank(b)];
  return y.stage - x.stage || y.major - x.major || y.minor - x.minor || (a < b ? -1 : 1);
}

function rank(version: string): { stage: number; major: number; minor: number } {
  const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!found) return { stage: -1, major: 0, minor: 0 };
  const stage = found[2] === undefined ? 2 : found[2] === 'beta' ? 1 : 0;
  return { stage, major: Number(found[1]), minor: Number(found[3] ?? 0) };
}
