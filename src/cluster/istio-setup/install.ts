// Installs Istio on a cluster: with the real istioctl, or from manifests that it wrote beforehand.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeClient } from '../contract.ts';
import { managedLabel } from '../managed-label.ts';
import { runProgram } from '../programs/run-program.ts';
import { applyManifests } from './apply-manifests.ts';
import type { FoundIstioctl } from './find-istioctl.ts';
import { type IstioSettings, istioOperator } from './settings.ts';

export interface InstallOptions {
  client: KubeClient;
  kubeconfig: string;
  env: Record<string, string | undefined>;
  /** Milliseconds for the whole of it. */
  deadline: number;
  signal: AbortSignal;
  /** Spanish, a line. */
  onProgress(line: string): void;
}

/** `extraFiles` are IstioOperator files of the user's own, which win. Rejects with ProgramError or ClusterError. */
export async function installWithIstioctl(
  istioctl: FoundIstioctl,
  settings: IstioSettings,
  extraFiles: readonly string[],
  options: InstallOptions,
): Promise<void> {
  const { client, kubeconfig, env, deadline, signal, onProgress } = options;
  await claimNamespace(client);
  const folder = await mkdtemp(join(tmpdir(), 'malla-istio-'));
  const said = new Set<string>();
  try {
    const file = join(folder, 'istio.yaml');
    await writeFile(file, istioOperator(settings));
    const files = [file, ...extraFiles].flatMap((path) => ['-f', path]);
    const patience = `${Math.ceil(deadline / 1000)}s`;
    await runProgram({
      program: istioctl.path,
      args: ['install', '-y', '--kubeconfig', kubeconfig, '--readiness-timeout', patience, ...files],
      timeout: deadline + 30_000,
      env: { ...env, KUBECONFIG: kubeconfig },
      signal,
      onLine(line) {
        const text = inSpanish(line);
        if (text === undefined || said.has(text)) return;
        said.add(text);
        onProgress(text);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `istioctl manifest generate` wrote. Rejects with CodedError or ClusterError. */
export async function installFromManifests(yaml: string, options: InstallOptions): Promise<void> {
  await claimNamespace(options.client);
  await applyManifests(yaml, options);
}

/** What `manifest generate` writes for these settings: for class bundles. Rejects with ProgramError. */
export async function generateManifests(
  istioctl: FoundIstioctl,
  settings: IstioSettings,
  extraFiles: readonly string[],
  { env, signal }: Pick<InstallOptions, 'env' | 'signal'>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'malla-istio-'));
  try {
    const file = join(folder, 'istio.yaml');
    await writeFile(file, istioOperator({ ...settings, defaultValidator: true }));
    const files = [file, ...extraFiles].flatMap((path) => ['-f', path]);
    const args = ['manifest', 'generate', ...files];
    return (await runProgram({ program: istioctl.path, args, timeout: 60_000, env, signal })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Malla's label on istio-system says later that this Istio is Malla's to remove. One that is there is not claimed. */
export async function claimNamespace(client: KubeClient): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'istio-system' };
  const istiods = await client.list({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: ref.name,
    labelSelector: 'app=istiod',
  });
  if (istiods.length > 0) return;
  const metadata = { name: ref.name, labels: { ...managedLabel } };
  if (await client.get(ref)) await client.patch(ref, 'merge', { metadata: { labels: metadata.labels } });
  else await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata });
}

const parts: Readonly<Record<string, string>> = {
  'Istio core': 'los CRD y los permisos',
  Istiod: 'istiod',
  'Ingress gateways': 'la puerta de entrada',
  'Egress gateways': 'la puerta de salida',
  CNI: 'el plugin CNI',
};

/** Of what istioctl 1.24 to 1.32 print; what is not understood is not shown. */
export function inSpanish(line: string): string | undefined {
  const done = /✔ (.+?) installed/.exec(line)?.[1];
  if (done !== undefined) return `listo: ${parts[done] ?? done}`;
  const working = /Processing resources for ([^.]+)\./.exec(line)?.[1];
  if (working === undefined) return undefined;
  // `Kind/namespace/name`, several with commas; what has no namespace has two slashes.
  const waiting = /Waiting for (.+)$/.exec(line)?.[1]?.replaceAll('//', '/').split(/,\s*/)[0];
  const part = working
    .split(', ')
    .map((name) => parts[name] ?? name)
    .join(' y ');
  return waiting ? `${part}: espero a ${waiting.trim()}` : `${part}…`;
}
