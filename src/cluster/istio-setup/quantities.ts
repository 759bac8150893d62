// Kubernetes' quantities as numbers: `250m` CPUs and `1Gi` of memory.

const units: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** 0 for what is missing or no quantity. */
export function quantity(text: unknown): number {
  const match = /^([\d.]+)(?:e(\d+))?([a-zA-Z]*)$/.exec(String(text ?? ''));
  const unit = units[match?.[3] ?? ''];
  if (!match || unit === undefined) return 0;
  return Number(match[1]) * 10 ** Number(match[2] ?? 0) * unit;
}
