// Ports on the loopback address, chosen once per cluster.
import { createServer } from 'node:net';
import { type PortRole, portInUse } from './start-error.ts';
import type { Ports, StateFolder } from './state-folder.ts';

/** Below NodePorts (30000) and the ephemeral ports of every system (32768): nobody's client sockets land here. */
const range = { from: 20_000, to: 29_999 };

/**
 * The ports asked for, else the kept ones, else free ones picked at random. Throws StartError when one that is asked for
 * or kept is taken. Keeps them.
 */
export async function settlePorts(
  folder: StateFolder,
  wanted: Partial<Ports>,
  random: () => number,
  machines = false,
): Promise<Ports> {
  const taken = new Set<number>();
  const port = await settle('port', 'API');
  const entryPort = await settle('entryPort', 'entrada');
  const secureEntryPort = await settle('secureEntryPort', 'entrada segura');
  const machinesPort = machines ? await settle('machinesPort', 'máquinas') : undefined;
  const ports: Ports = { port, entryPort, secureEntryPort, ...(machinesPort && { machinesPort }) };
  if (Object.entries(ports).some(([name, value]) => folder.ports[name as keyof Ports] !== value)) {
    folder.savePorts(ports);
  }
  return ports;

  async function settle(name: keyof Ports, role: PortRole): Promise<number> {
    const found = await choose(wanted[name] ?? folder.ports[name], role);
    taken.add(found);
    return found;
  }

  async function choose(fixed: number | undefined, role: PortRole): Promise<number> {
    if (fixed !== undefined) {
      if (taken.has(fixed) || !(await isFree(fixed))) throw portInUse(fixed, role, folder.path);
      return fixed;
    }
    for (;;) {
      const candidate = range.from + Math.floor(random() * (range.to - range.from + 1));
      if (!taken.has(candidate) && (await isFree(candidate))) return candidate;
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
