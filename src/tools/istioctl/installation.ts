// Applies the manifests of an installation, component by component, and waits for each.
import type { KubeClient } from '../../cluster/contract.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';
import { istioCrds } from './crds.ts';
import { type Component, managed } from './manifests/labels.ts';
import { type ComponentManifest, defaultRevision, manifest } from './manifests/manifest.ts';
import type { InstallSettings } from './manifests/settings.ts';
import { deploymentReady, waitUntil } from './readiness.ts';

export interface InstallProgress {
  working(text: string): void;
  done(text: string): void;
  failed(text: string): void;
}

export interface Installation {
  client: KubeClient;
  settings: InstallSettings;
  /** Milliseconds for each component. */
  readinessTimeout: number;
  progress: InstallProgress;
  signal: AbortSignal;
}

const names: Record<Component, { name: string; icon: string }> = {
  Base: { name: 'Istio core', icon: '⛵️' },
  Pilot: { name: 'Istiod', icon: '🧠' },
  IngressGateways: { name: 'Ingress gateways', icon: '🛬' },
  EgressGateways: { name: 'Egress gateways', icon: '🛫' },
};

/** Rejects with ToolError when a component cannot be applied or does not get ready in time. */
export async function install(installation: Installation): Promise<void> {
  const { client, settings, progress } = installation;
  await ensureNamespace(client, settings.namespace);
  const [base, pilot, ...gateways] = manifest(settings);
  if (base) await installComponent(installation, { ...base, objects: [...(await crds(settings)), ...base.objects] });
  if (pilot) await installComponent(installation, pilot);
  await Promise.all(gateways.map((part) => installComponent(installation, part)));
  await applyAll(client, defaultRevision(settings));
  progress.done('Installation complete');
}

export const fieldManager = 'istio-operator';

async function installComponent(installation: Installation, { component, objects }: ComponentManifest) {
  const { progress } = installation;
  const { name, icon } = names[component];
  progress.working(`Processing resources for ${name}.`);
  try {
    await applyAll(installation.client, objects);
    await componentReady(installation, objects, name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    progress.failed(`${name} encountered an error: ${reason}`);
    throw new ToolError(`failed to install manifests: ${reason}`);
  }
  progress.done(`${name} installed ${icon}`);
}

async function ensureNamespace(client: KubeClient, name: string): Promise<void> {
  if (await client.get({ apiVersion: 'v1', kind: 'Namespace', name })) return;
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

const crds = async ({ namespace }: InstallSettings) =>
  (await istioCrds()).map((crd) => managed(crd, 'Base', namespace));

/** Workloads come after what they mount and run as; the rest does not care about order. */
async function applyAll(client: KubeClient, objects: KubeObject[]): Promise<void> {
  const isWorkload = (o: KubeObject) => o.kind === 'Deployment';
  for (const group of [objects.filter((o) => !isWorkload(o)), objects.filter(isWorkload)])
    await Promise.all(group.map((object) => client.apply(object, fieldManager)));
}

async function componentReady(
  { client, readinessTimeout, signal, progress }: Installation,
  objects: KubeObject[],
  component: string,
) {
  const waitFor = (kind: string) => objects.filter((o) => o.kind === kind);
  const deployments = waitFor('Deployment');
  for (const { metadata } of deployments)
    progress.working(
      `Processing resources for ${component}. Waiting for Deployment/${metadata.namespace}/${metadata.name}`,
    );
  await Promise.all([
    ...waitFor('CustomResourceDefinition').map((object) =>
      waitUntil({ client, object, timeout: readinessTimeout, signal, ready: established }),
    ),
    ...deployments.map((object) =>
      waitUntil({ client, object, timeout: readinessTimeout, signal, ready: deploymentReady }),
    ),
  ]);
}

function established(crd: KubeObject): boolean {
  const { conditions = [] } = (crd.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((c) => c.type === 'Established' && c.status === 'True');
}
