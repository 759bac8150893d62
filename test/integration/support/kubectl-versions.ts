// The real kubectl of several ages, where this machine has them: before 1.30 it speaks SPDY, since 1.31 WebSocket.
import { spawnSync } from 'node:child_process';

const PLACES = [
  process.env.MALLA_TEST_KUBECTL_OLD,
  '/usr/lib/google-cloud-sdk/bin/kubectl.1.27',
  process.env.MALLA_TEST_KUBECTL,
  '/usr/lib/google-cloud-sdk/bin/kubectl.1.32',
  'kubectl',
];

/** At most one of each minor version. */
export function kubectlVersions(): { path: string; version: string }[] {
  const found = new Map<string, string>();
  for (const path of PLACES) {
    if (!path) continue;
    const { stdout, status } = spawnSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
    const version = status === 0 ? /"gitVersion":\s*"v(1\.\d+)/.exec(stdout)?.[1] : undefined;
    if (version && !found.has(version)) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ version, path }));
}
