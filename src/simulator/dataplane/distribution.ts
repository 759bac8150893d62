// What istiod has sent to the proxies: the configuration in force, which is not yet, or no longer, what the API says.
import { parse } from 'yaml';
import type { MeshEngine } from '../../mesh/engine.ts';
import { indexMesh } from '../../mesh/index-mesh.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock } from '../contract.ts';

export interface Distribution {
  engine(): MeshEngine;
  accessLog(): boolean;
  /** Something that proxies are configured from changed, or istiod came or went. */
  changed(): void;
  stop(): void;
}

export interface DistributionOptions {
  clock: Clock;
  /** Milliseconds from a change to the proxies obeying it. */
  delay: number;
  rootNamespace: string;
  objects(): KubeObject[];
  meshConfig(): string | undefined;
  /** Without a running istiod nothing is sent and the proxies keep what they have. */
  istiodRuns(): boolean;
  pushed(): void;
}

export function createDistribution(options: DistributionOptions): Distribution {
  const { clock, rootNamespace } = options;
  let objects: KubeObject[] = [];
  let engine: MeshEngine | undefined;
  let accessLog = false;
  let cancel: (() => void) | undefined;

  function push() {
    cancel = undefined;
    if (!options.istiodRuns()) return;
    objects = options.objects();
    engine = undefined;
    accessLog = logsRequests(options.meshConfig());
    options.pushed();
  }

  return {
    engine() {
      engine ??= indexMesh({ objects, rootNamespace });
      return engine;
    },
    accessLog: () => accessLog,
    changed() {
      cancel ??= clock.after(options.delay, push);
    },
    stop: () => cancel?.(),
  };
}

function logsRequests(meshConfig: string | undefined): boolean {
  if (!meshConfig) return false;
  try {
    const config = parse(meshConfig) as { accessLogFile?: unknown } | null;
    return typeof config?.accessLogFile === 'string' && config.accessLogFile !== '';
  } catch {
    return false;
  }
}
