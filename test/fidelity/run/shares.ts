// Were two samples drawn from the same distribution? A test of homogeneity (chi square).

/** False when the difference would come by chance less than once in 1,000 times. */
export function sameShares(a: Record<string, number>, b: Record<string, number>): boolean {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0);
  const [na, nb] = [total(a), total(b)];
  if (na === 0 || nb === 0) return na === nb;
  let statistic = 0;
  for (const name of names) {
    const [x, y] = [a[name] ?? 0, b[name] ?? 0];
    const row = x + y;
    const [ex, ey] = [(row * na) / (na + nb), (row * nb) / (na + nb)];
    statistic += (x - ex) ** 2 / ex + (y - ey) ** 2 / ey;
  }
  return statistic <= (critical[names.length - 1] ?? 30);
}

/** Of chi square at 0.001, by degrees of freedom. */
const critical = [0, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32, 26.12, 27.88];
