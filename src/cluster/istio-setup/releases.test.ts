import { expect, test } from 'vitest';
import { compareMinors, courseRelease, istioReleases, kubernetesMinor, releaseOf, releasesFor } from './releases.ts';

test.each([
  ['1.24', 28, 31],
  ['1.25', 29, 32],
  ['1.26', 29, 33],
  ['1.27', 29, 33],
  ['1.28', 30, 34],
  ['1.29', 31, 35],
  ['1.30', 32, 36],
  ['1.31', 32, 37],
])('Istio %s is supported on Kubernetes 1.%i to 1.%i', (version, from, to) => {
  expect(releaseOf(version)?.kubernetes).toEqual({ from, to });
});

test('the table has no hole, and grows towards newer Kubernetes', () => {
  expect(istioReleases.map((r) => r.version)).toEqual(Array.from({ length: 9 }, (_, i) => `1.${24 + i}`));
  for (const [i, release] of istioReleases.entries()) {
    const before = istioReleases[i - 1]?.kubernetes ?? { from: 0, to: 0 };
    expect(release.kubernetes.from).toBeGreaterThanOrEqual(before.from);
    expect(release.kubernetes.to).toBeGreaterThanOrEqual(before.to);
  }
});

test('TrafficExtension came with 1.30; sidecars are native by themselves from 1.27 on', () => {
  expect(istioReleases.filter((r) => r.crds === 15).map((r) => r.version)).toEqual(['1.30', '1.31', '1.32']);
  expect(istioReleases.find((r) => r.nativeSidecarsFrom !== undefined)?.version).toBe('1.27');
});

test('a version is read from a tag, and what is not one is not a release', () => {
  expect(releaseOf('v1.30.3-distroless')?.version).toBe('1.30');
  expect(releaseOf('1.32-dev')?.version).toBe('1.32');
  expect([releaseOf('latest'), releaseOf('1.3'), releaseOf('1.17.2'), releaseOf('')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([kubernetesMinor('v1.34.4'), kubernetesMinor('v1.34.4+malla'), kubernetesMinor('v2.0.0')]).toEqual([
    34,
    34,
    undefined,
  ]);
});

test('the newest release for a cluster comes first, and the course’s is among those of its Kubernetes', () => {
  expect(releasesFor(34).map((r) => r.version)).toEqual(['1.32', '1.31', '1.30', '1.29', '1.28']);
  expect(releasesFor(34).map((r) => r.version)).toContain(courseRelease);
  expect(releasesFor(20)).toEqual([]);
});

test('1.9 is older than 1.24', () => {
  expect(compareMinors('1.9', '1.24')).toBeLessThan(0);
  expect(compareMinors('1.30', '1.30')).toBe(0);
});
