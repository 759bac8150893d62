// What istiod has sent to the proxies: the configuration in force, which is not yet, or no longer, what the API says.
import { parse } from 'yaml';
import type { MeshEngine } from '../../mesh/engine.ts';
import { indexMesh } from '../../mesh/index-mesh.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields } from '../../mesh/read.ts';
import type { Clock } from '../contract.ts';
import type { ProxySync, PushedMesh } from '../mesh-facts.ts';

export interface Distribution {
  engine(): MeshEngine;
  /** The configuration in force. */
  current(): PushedMesh;
  status(): DistributionStatus;
  /** Something that proxies are configured from changed, or istiod came or went. */
  changed(): void;
  stop(): void;
}

/** What `istioctl proxy-status` tells. */
export interface DistributionStatus {
  /** Of the last push; 0: none. */
  version: number;
  /** Milliseconds since the epoch, of the last push; undefined: none. */
  pushedAt: number | undefined;
  /** Something changed that is not sent yet. */
  pending: boolean;
  proxies: readonly ProxySync[];
}

/** A pod with a proxy, as the distribution sees it. */
export interface Subscriber {
  pod: KubeObject;
  role: 'sidecar' | 'gateway';
  /** Milliseconds since the epoch. */
  since: number;
}

export interface DistributionOptions {
  clock: Clock;
  /** Milliseconds from a change to the proxies obeying it. */
  delay: number;
  /** Milliseconds from there to istiod hearing that they do. */
  acknowledgement: number;
  rootNamespace: string;
  objects(): KubeObject[];
  meshConfig(): string | undefined;
  /** Without a running istiod nothing is sent and the proxies keep what they have. */
  istiodRuns(): boolean;
  subscribers(): readonly Subscriber[];
  pushed(): void;
}

export function createDistribution(options: DistributionOptions): Distribution {
  const { clock, rootNamespace } = options;
  let current: PushedMesh = { version: 0, objects: [], meshConfig: {}, rootNamespace };
  let pushedAt: number | undefined;
  let engine: MeshEngine | undefined;
  let cancel: (() => void) | undefined;
  let acknowledged = 0;
  let cancelAcknowledgement: (() => void) | undefined;

  function push() {
    cancel = undefined;
    if (!options.istiodRuns()) return;
    const version = current.version + 1;
    current = { version, objects: options.objects(), meshConfig: parsed(options.meshConfig()), rootNamespace };
    engine = undefined;
    pushedAt = clock.now();
    acknowledgeLater(version);
    options.pushed();
  }

  /** Proxies obey a push in the turn that sends it, so what is acknowledged is obeyed. */
  function acknowledgeLater(version: number) {
    const acknowledge = () => {
      cancelAcknowledgement = undefined;
      acknowledged = version;
    };
    cancelAcknowledgement?.();
    if (options.acknowledgement === 0) acknowledge();
    else cancelAcknowledgement = clock.after(options.acknowledgement, acknowledge);
  }

  function syncOf({ pod, role, since }: Subscriber): ProxySync {
    const { version } = current;
    // What istiod has heard of and not sent yet is not obeyed yet: who asks whether a change is in force has to wait for it.
    const sent = version > 0 && cancel && options.istiodRuns() ? version + 1 : version;
    return { pod, role, sent, acked: acknowledged, sentAt: Math.max(since, pushedAt ?? since) };
  }

  return {
    engine() {
      const { objects, meshConfig } = current;
      engine ??= indexMesh({ objects, rootNamespace, meshConfig });
      return engine;
    },
    current: () => current,
    status() {
      const proxies = options.subscribers().map(syncOf);
      return { version: current.version, pushedAt, pending: cancel !== undefined, proxies };
    },
    changed() {
      cancel ??= clock.after(options.delay, push);
    },
    stop() {
      cancel?.();
      cancelAcknowledgement?.();
    },
  };
}

function parsed(meshConfig: string | undefined): Readonly<Record<string, unknown>> {
  if (!meshConfig) return {};
  try {
    return fields(parse(meshConfig));
  } catch {
    return {};
  }
}
