// The folder of one embedded cluster: who owns it, and the ports it keeps from one start to the next.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './files.ts';
import { fileCorrupt, folderNotOurs, folderNotWritable } from './start-error.ts';

export interface StateFolder {
  path: string;
  /** Ports of earlier starts; absent in a fresh folder. */
  ports: Partial<Ports>;
  savePorts(ports: Ports): void;
  file(name: keyof typeof names): string;
}

export interface Ports {
  /** Of the API, HTTPS. */
  port: number;
  /** Of the ingress gateway, HTTP. */
  entryPort: number;
  /** Of the ingress gateway, HTTPS. */
  secureEntryPort: number;
  /** Of the process itself, where the API may be down while the process runs: that of the machines. */
  machinesPort?: number;
}

/** src/cluster/embedded/state-files.ts knows these names too. */
const names = {
  /** Marks the folder as Malla's and keeps the ports. */
  cluster: 'cluster.json',
  /** Who runs now. */
  process: 'process.json',
  lock: 'lock.db',
  store: 'state.db',
  /** Three machines, and whether a cluster was made of them. */
  machines: 'machines.json',
  kubeconfig: 'kubeconfig',
  pki: 'pki',
  log: 'simulator.log',
} as const;

/** The mark; a file without it is somebody else's. */
const mark = 'malla-embebido';

/** Makes or opens the folder. Throws StartError. */
export function openStateFolder(path: string): StateFolder {
  let entries: string[];
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    entries = readdirSync(path);
  } catch (error) {
    throw folderNotWritable(path, error);
  }
  const file = (name: keyof typeof names) => join(path, names[name]);
  const savePorts = (ports: Partial<Ports>) => {
    try {
      writeAtomically(file('cluster'), `${JSON.stringify({ owner: mark, format: 1, ...ports }, undefined, 2)}\n`);
    } catch (error) {
      throw folderNotWritable(path, error);
    }
  };
  if (entries.includes(names.cluster)) return { path, file, savePorts, ports: readPorts(file('cluster')) };
  if (entries.some((entry) => entry !== names.log && !entry.endsWith('.tmp'))) throw folderNotOurs(path);
  savePorts({});
  return { path, file, savePorts, ports: {} };
}

function readPorts(path: string): Partial<Ports> {
  let content: Record<'owner' | keyof Ports, unknown>;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
    if (content?.owner !== mark) throw new Error('without the mark');
  } catch (error) {
    const todo = `Si la carpeta es de Malla, escribe {"owner":"${mark}"} en ese fichero: el contenido del clúster está aparte y sigue ahí. O bórralo todo con «malla cluster borrar».`;
    throw fileCorrupt(path, todo, error);
  }
  const { port, entryPort, secureEntryPort, machinesPort } = content;
  return {
    ...(isPort(port) ? { port } : {}),
    ...(isPort(entryPort) ? { entryPort } : {}),
    ...(isPort(secureEntryPort) ? { secureEntryPort } : {}),
    ...(isPort(machinesPort) ? { machinesPort } : {}),
  };
}

export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;
}
