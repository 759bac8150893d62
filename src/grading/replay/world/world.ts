// A whole embedded cluster inside this process, in a time and on a network of its own: with the same state and the same
// chance, the same work comes out the same to the byte, however busy the machine is.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster, KubeClient } from '../../../cluster/contract.ts';
import { readFacts } from '../../../cluster/facts.ts';
import { usualDelays } from '../../../simulator/delays.ts';
import { systemClock } from '../../../simulator/process/clock.ts';
import { kubeconfigText } from '../../../simulator/process/kubeconfig.ts';
import { openPki, type Pki } from '../../../simulator/process/pki/pki.ts';
import { startSimulator } from '../../../simulator/simulator.ts';
import { takeShortcut } from '../../../traffic/exchange.ts';
import { inProcessClient } from './in-process-client.ts';
import { inProcessEntry } from './in-process-entry.ts';
import { enterVirtualNetwork } from './virtual-network.ts';
import { enterVirtualTime } from './virtual-time.ts';

export interface World {
  /**
   * Starts a cluster on the state in `folder`, fresh when there is none, and does the work with it. Time and chance begin
   * anew each time. Rejects with StuckError when the work would take more than `longest` milliseconds of the world's time.
   */
  live<T>(
    folder: string,
    seed: string,
    work: (life: Life) => Promise<T>,
    longest: number,
    options?: LiveOptions,
  ): Promise<T>;
}

export interface LiveOptions {
  /** The state in the folder stays as the work leaves it. By default it is forgotten. */
  keep?: boolean;
}

export interface Life {
  cluster: Cluster;
  client: KubeClient;
  /** KUBECONFIG of the tools that run in this process. */
  env: Record<string, string>;
  /** Other chance from here on. */
  reseed(seed: string): void;
  /** Errors inside the simulator. */
  bugs: readonly unknown[];
}

const ports = { port: 6443, entryPort: 31380, secureEntryPort: 31390 };
/** Every world begins at this moment: a Monday morning. */
const beginning = Date.UTC(2026, 0, 5, 9);

/**
 * Once for a process; everything that runs in it from then on lives in the world. `home` is a folder of this process
 * alone: certificates and kubeconfig go there.
 */
export function enterWorld(home: string): World {
  // TLS looks at the machine's own clock.
  const pki: Pki = openPki(join(home, 'pki'), Date.now());
  const kubeconfig = join(home, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText({ port: ports.port, caCertificate: pki.ca.certificate, token: pki.token }), {
    mode: 0o600,
  });
  const time = enterVirtualTime(beginning, '');
  const network = enterVirtualNetwork();
  return {
    live(folder, seed, work, longest, { keep = false } = {}) {
      time.restart(beginning);
      time.reseed(seed);
      network.restart();
      return time.during(async () => {
        const bugs: unknown[] = [];
        const simulator = await startSimulator({
          store: join(folder, 'state.db'),
          volatile: !keep,
          pki,
          ports,
          delays: usualDelays,
          clock: systemClock,
          random: () => Math.random(),
          own: () => undefined,
          onActivity() {},
          onBug: (error) => void bugs.push(error),
        });
        takeShortcut(inProcessEntry(simulator));
        try {
          const client = inProcessClient(simulator);
          const access = {
            kind: 'embebido' as const,
            kubeconfig,
            entry: `http://127.0.0.1:${ports.entryPort}`,
            secureEntry: `https://127.0.0.1:${ports.secureEntryPort}`,
          };
          const cluster: Cluster = { access, client, facts: () => readFacts(client) };
          return await work({ cluster, client, env: { KUBECONFIG: kubeconfig }, reseed: time.reseed, bugs });
        } finally {
          takeShortcut(undefined);
          await simulator.stop();
        }
      }, longest);
    },
  };
}
