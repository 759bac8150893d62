// Ports on the loopback address, chosen once per cluster.
import { createServer } from 'node:net';
import { portInUse } from './start-error.ts';
import type { Ports, StateFolder } from './state-folder.ts';

/** Below NodePorts (30000) and the ephemeral ports of every system (32768): nobody's client sockets land here. */
const range = { from: 20_000, to: 29_999 };

/**
 * The ports asked for, else the kept ones, else free ones picked at random. Throws StartError when one that is asked for
 * or kept is taken. Keeps them.
 */
export async function settlePorts(folder: StateFolder, wanted: Partial<Ports>, random: () => number): Promise<Ports> {
  const port = await settle(wanted.port ?? folder.ports.port, 'API');
  const entryPort = await settle(wanted.entryPort ?? folder.ports.entryPort, 'entrada', port);
  if (port !== folder.ports.port || entryPort !== folder.ports.entryPort) folder.savePorts({ port, entryPort });
  return { port, entryPort };

  async function settle(fixed: number | undefined, role: 'API' | 'entrada', other?: number): Promise<number> {
    if (fixed !== undefined) {
      if (fixed === other || !(await isFree(fixed))) throw portInUse(fixed, role, folder.path);
      return fixed;
    }
    for (;;) {
      const candidate = range.from + Math.floor(random() * (range.to - range.from + 1));
      if (candidate !== other && (await isFree(candidate))) return candidate;
    }
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
