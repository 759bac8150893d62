// The command line of the cluster's process.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { type Delays, fastDelays, usualDelays } from '../delays.ts';
import { badArgument } from './start-error.ts';
import { isPort, type Ports } from './state-folder.ts';

export interface Arguments {
  folder: string;
  ports: Partial<Ports>;
  delays: Delays;
  /** Stops by itself after so many milliseconds that nobody uses it. */
  idleAfter: number;
}

const hour = 60 * 60 * 1000;

/** Throws StartError. */
export function readArguments(argv: readonly string[]): Arguments {
  const values = parse(argv);
  if (!values.estado) throw badArgument('--estado', 'La carpeta de estado: --estado CARPETA.');
  const port = portOf('--puerto', values.puerto);
  const entryPort = portOf('--entrada', values.entrada);
  const secureEntryPort = portOf('--entrada-segura', values['entrada-segura']);
  return {
    folder: resolve(values.estado),
    ports: {
      ...(port ? { port } : {}),
      ...(entryPort ? { entryPort } : {}),
      ...(secureEntryPort ? { secureEntryPort } : {}),
    },
    delays: { ...(values.rapido ? fastDelays : usualDelays), ...delaysOf(values.demoras) },
    idleAfter: values.ocioso === undefined ? 8 * hour : hoursOf(values.ocioso),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        estado: { type: 'string' },
        puerto: { type: 'string' },
        entrada: { type: 'string' },
        'entrada-segura': { type: 'string' },
        rapido: { type: 'boolean' },
        demoras: { type: 'string' },
        ocioso: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw badArgument(
      argv.join(' '),
      `--estado CARPETA [--puerto N] [--entrada N] [--entrada-segura N] [--rapido] [--demoras JSON] [--ocioso HORAS] (${(error as Error).message})`,
    );
  }
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (isPort(Number(text))) return Number(text);
  throw badArgument(`${name} ${text}`, 'Un número de puerto, de 1 a 65535.');
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (text.trim() !== '' && hours > 0 && hours <= 500) return hours * hour;
  throw badArgument(`--ocioso ${text}`, 'Un número de horas mayor que 0 y hasta 500.');
}

function delaysOf(text: string | undefined): Partial<Delays> {
  if (text === undefined) return {};
  const names = Object.keys(usualDelays);
  const expected = `Un objeto JSON con milisegundos para ${names.join(', ')}.`;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw badArgument(`--demoras ${text}`, expected);
  }
  const entries =
    typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.entries(given) : undefined;
  if (!entries?.every(([name, ms]) => names.includes(name) && typeof ms === 'number' && ms >= 0 && ms < hour)) {
    throw badArgument(`--demoras ${text}`, expected);
  }
  return Object.fromEntries(entries);
}
