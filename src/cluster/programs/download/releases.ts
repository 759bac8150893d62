// The versions of kind, kubectl and istioctl that Malla may download, with the SHA-256 of each file as their publishers
// give it. They live here and not beside the file: a sum that comes with what it checks proves nothing.

export const downloadable = ['kind', 'kubectl', 'istioctl'] as const;
export type Downloadable = (typeof downloadable)[number];

export interface Release {
  version: string;
  url: string;
  sha256: string;
  /** Bytes that the file may have. */
  limit: number;
  /** The program's path in a .tar.gz; undefined when the file is the program. */
  inside?: string;
}

/** As in linux-amd64. */
type Platform = 'linux-amd64' | 'linux-arm64' | 'darwin-amd64' | 'darwin-arm64';

/** Where each is published. Tests put their own server in its place. */
export interface Publishers {
  kind: string;
  kubectl: string;
  istioctl: string;
}

export const publishers: Publishers = {
  kind: 'https://github.com/kubernetes-sigs/kind/releases/download',
  kubectl: 'https://dl.k8s.io/release',
  istioctl: 'https://github.com/istio/istio/releases/download',
};

const versions: Record<Downloadable, string> = { kind: '0.30.0', kubectl: '1.34.1', istioctl: '1.30.3' };

const sums: Record<Downloadable, Record<Platform, string>> = {
  kind: {
    'linux-amd64': '517ab7fc89ddeed5fa65abf71530d90648d9638ef0c4cde22c2c11f8097b8889',
    'linux-arm64': '7ea2de9d2d190022ed4a8a4e3ac0636c8a455e460b9a13ccf19f15d07f4f00eb',
    'darwin-amd64': '4f0b6e3b88bdc66d922c08469f05ef507d4903dd236e6319199bb9c868eed274',
    'darwin-arm64': 'ceaf40df1d1551c481fb50e3deb5c3deecad5fd599df5469626b70ddf52a1518',
  },
  kubectl: {
    'linux-amd64': '7721f265e18709862655affba5343e85e1980639395d5754473dafaadcaa69e3',
    'linux-arm64': '420e6110e3ba7ee5a3927b5af868d18df17aae36b720529ffa4e9e945aa95450',
    'darwin-amd64': 'bb211f2b31f2b3bc60562b44cc1e3b712a16a98e9072968ba255beb04cefcfdf',
    'darwin-arm64': 'd80e5fa36f2b14005e5bb35d3a72818acb1aea9a081af05340a000e5fbdb2f76',
  },
  istioctl: {
    'linux-amd64': '55ada076ba1b37af49e8a24e5e539b4abccabdb33894c923279edd293eea3993',
    'linux-arm64': '926d265818e8ab69de9f81bfe78447c3bc8f4ae32a356a39545b790bfcfd63e5',
    'darwin-amd64': '9a2b70d8257861156336c89bf33251b90cc77924116c10a281d39d996d4f0bac',
    'darwin-arm64': '4d78e3effac3253c9348cef73563af405dc3429bea9536eae98a724ee81761c7',
  },
};

const megabyte = 1024 * 1024;

/** Undefined where there is none for that system: Windows, other processors. */
export function releaseOf(
  tool: Downloadable,
  { platform, arch }: { platform: string; arch: string },
  from: Publishers = publishers,
): Release | undefined {
  const os = platform;
  const cpu = { x64: 'amd64', arm64: 'arm64' }[arch];
  const place = Object.entries(sums[tool]).find(([name]) => name === `${os}-${cpu}`);
  if (!place) return undefined;
  const version = versions[tool];
  const base = from[tool];
  const common = { version, sha256: place[1] };
  switch (tool) {
    case 'kind':
      return { ...common, url: `${base}/v${version}/kind-${os}-${cpu}`, limit: 60 * megabyte };
    case 'kubectl':
      return { ...common, url: `${base}/v${version}/bin/${os}/${cpu}/kubectl`, limit: 120 * megabyte };
    case 'istioctl': {
      const system = os === 'darwin' ? 'osx' : os;
      const url = `${base}/${version}/istio-${version}-${system}-${cpu}.tar.gz`;
      return { ...common, url, limit: 120 * megabyte, inside: `istio-${version}/bin/istioctl` };
    }
  }
}
