// Ports on the loopback address, chosen once per cluster.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type PortRole, portInUse } from './start-error.ts';
import type { Ports, StateFolder } from './state-folder.ts';

/** Below NodePorts (30000) and the ephemeral ports of every system (32768): nobody's client sockets land here. */
const range = { from: 20_000, to: 29_999 };

export interface SettledPorts {
  ports: Ports;
  /** Others may have them. */
  leave(): void;
}

/** Tries to find one that is free for UDP, too. */
const ENOUGH = 50;

/**
 * The ports asked for, else the kept ones, else free ones picked at random. Throws StartError when one that is asked for
 * or kept is taken. Keeps them. An entry is closed while no gateway stands behind it: that another cluster does not pick it
 * meanwhile, each of the ports is also taken for UDP, where nobody asks anything of it.
 */
export async function settlePorts(
  folder: StateFolder,
  wanted: Partial<Ports>,
  random: () => number,
  machines = false,
): Promise<SettledPorts> {
  const taken = new Map<number, Socket | undefined>();
  const leave = (): void => {
    for (const mark of taken.values()) mark?.close();
    taken.clear();
  };
  try {
    return { ports: await settleAll(), leave };
  } catch (error) {
    leave();
    throw error;
  }

  async function settleAll(): Promise<Ports> {
    const port = await settle('port', 'API');
    const entryPort = await settle('entryPort', 'entrada');
    const secureEntryPort = await settle('secureEntryPort', 'entrada segura');
    const machinesPort = machines ? await settle('machinesPort', 'máquinas') : undefined;
    const ports: Ports = { port, entryPort, secureEntryPort, ...(machinesPort && { machinesPort }) };
    if (Object.entries(ports).some(([name, value]) => folder.ports[name as keyof Ports] !== value)) {
      folder.savePorts(ports);
    }
    return ports;
  }

  async function settle(name: keyof Ports, role: PortRole): Promise<number> {
    const fixed = wanted[name] ?? folder.ports[name];
    if (fixed === undefined) return choose();
    if (taken.has(fixed) || !(await isFree(fixed))) throw portInUse(fixed, role, folder.path);
    // Whoever has it for UDP is not in the way.
    taken.set(fixed, await marked(fixed));
    return fixed;
  }

  async function choose(): Promise<number> {
    for (let tries = 1; ; tries++) {
      const candidate = range.from + Math.floor(random() * (range.to - range.from + 1));
      if (taken.has(candidate) || !(await isFree(candidate))) continue;
      const mark = await marked(candidate);
      // Where nothing can be taken for UDP, the port has to do without.
      if (!mark && tries < ENOUGH) continue;
      taken.set(candidate, mark);
      return candidate;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Undefined when somebody else has it. */
async function marked(port: number): Promise<Socket | undefined> {
  const socket = createSocket('udp4');
  socket.unref();
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}
