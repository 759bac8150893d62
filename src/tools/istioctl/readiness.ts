// Waiting for an object of the cluster to become what it should.
import type { KubeClient } from '../../cluster/contract.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';

export interface Wait {
  client: KubeClient;
  object: KubeObject;
  timeout: number;
  signal: AbortSignal;
  ready(object: KubeObject): boolean;
}

/** Rejects with ToolError after `timeout` milliseconds. */
export async function waitUntil({ client, object, timeout, signal, ready }: Wait): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const seen = await client.get({ apiVersion, kind, name, ...(namespace ? { namespace } : {}) });
  if (seen && ready(seen)) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = new ToolError(
    `failed to wait for resource: resources not ready after ${Math.round(timeout / 1000)}s: context deadline exceeded\n  ${kind}/${namespace ? `${namespace}/` : ''}${name}`,
  );
  const timer = setTimeout(() => reject(late), timeout);
  const abort = () => reject(new ToolError('interrupted', 130));
  signal.addEventListener('abort', abort, { once: true });
  let stop: (() => void) | undefined;
  try {
    const query = { apiVersion, kind, ...(namespace ? { namespace } : {}) };
    stop = await client.watch(query, ({ type, object: changed }) => {
      if (type !== 'DELETED' && changed.metadata.name === name && ready(changed)) resolve();
    });
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    stop?.();
  }
}

interface DeploymentStatus {
  observedGeneration?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  replicas?: number;
}

export function deploymentReady(deployment: KubeObject): boolean {
  const { replicas = 1 } = (deployment.spec ?? {}) as { replicas?: number };
  const {
    observedGeneration = 0,
    updatedReplicas = 0,
    readyReplicas = 0,
  } = (deployment.status ?? {}) as DeploymentStatus;
  return (
    observedGeneration >= (deployment.metadata.generation ?? 0) &&
    updatedReplicas >= replicas &&
    readyReplicas >= replicas
  );
}
