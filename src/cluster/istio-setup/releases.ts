// What differs between the releases of Istio that Malla works with. Sources: Istio's table of supported Kubernetes
// versions (data/compatibility/supportStatus.yml of istio.io, September 2026), its release notes and charts.

export interface IstioRelease {
  /** Minor version: `1.30`. */
  version: string;
  /** Kubernetes minors, `1.x`, from and to, that it is supported on. */
  kubernetes: { from: number; to: number };
  /** CRDs of its base chart. */
  crds: number;
  /** Sidecars are init containers that keep running, from this Kubernetes minor on, without being asked for. */
  nativeSidecarsFrom?: number;
  /** Where its charts take images from. */
  hub: string;
  /** Tags of the addons of its samples/addons, where they were looked up. */
  addons?: Readonly<Record<'prometheus' | 'grafana' | 'jaeger' | 'kiali', string>>;
  /** Not released yet when the table was read: its Kubernetes versions are those of the release before it. */
  expected?: true;
}

const dockerHub = 'docker.io/istio';

export const istioReleases: readonly IstioRelease[] = [
  { version: '1.24', kubernetes: { from: 28, to: 31 }, crds: 14, hub: dockerHub },
  { version: '1.25', kubernetes: { from: 29, to: 32 }, crds: 14, hub: dockerHub },
  { version: '1.26', kubernetes: { from: 29, to: 33 }, crds: 14, hub: dockerHub },
  { version: '1.27', kubernetes: { from: 29, to: 33 }, crds: 14, hub: dockerHub, nativeSidecarsFrom: 33 },
  { version: '1.28', kubernetes: { from: 30, to: 34 }, crds: 14, hub: dockerHub, nativeSidecarsFrom: 33 },
  { version: '1.29', kubernetes: { from: 31, to: 35 }, crds: 14, hub: dockerHub, nativeSidecarsFrom: 33 },
  {
    version: '1.30',
    kubernetes: { from: 32, to: 36 },
    crds: 15,
    // Announced to be switched off in December 2026: --hub names another.
    hub: 'registry.istio.io/release',
    nativeSidecarsFrom: 33,
    addons: { prometheus: 'v3.10.0', grafana: '12.0.1', jaeger: '2.14.0', kiali: 'v2.26' },
  },
  {
    version: '1.31',
    kubernetes: { from: 32, to: 37 },
    crds: 15,
    hub: dockerHub,
    nativeSidecarsFrom: 33,
    addons: { prometheus: 'v3.10.0', grafana: '12.0.1', jaeger: '2.17.0', kiali: 'v2.27' },
  },
  {
    version: '1.32',
    kubernetes: { from: 32, to: 37 },
    crds: 15,
    hub: dockerHub,
    nativeSidecarsFrom: 33,
    expected: true,
  },
];

/** The one that the course is written with. */
export const courseRelease = '1.30';

/** From `1.30.3`, `v1.30.3`, `1.32-dev` or `1.30`. Undefined: Malla does not know that release. */
export function releaseOf(version: string): IstioRelease | undefined {
  const minor = minorOf(version);
  return istioReleases.find((r) => r.version === minor);
}

/** `1.30` of `v1.30.3-distroless`; undefined when it is no version. */
export function minorOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)(?![\d])/.exec(version)?.[1];
}

/** 34 of `v1.34.4`, `1.34` and `v1.34.4-eks-1`; undefined when it is no version 1. */
export function kubernetesMinor(version: string): number | undefined {
  const minor = /^v?1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Releases, newest first, that are supported on a Kubernetes minor. */
export function releasesFor(minor: number): IstioRelease[] {
  return istioReleases.filter(({ kubernetes: { from, to } }) => from <= minor && minor <= to).toReversed();
}

/** Negative when `a` is older. Both are minor versions, `1.30`. */
export function compareMinors(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
