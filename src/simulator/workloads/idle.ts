// Images that labs use as a client inside the mesh: they listen to nothing and wait to be told what to run.
import type { ContainerContext, RunningContainer } from '../contract.ts';

/** Without a command it stays; `sleep N` ends after N seconds, as it would; any other command is run. */
export function idle(context: ContainerContext): RunningContainer {
  const command = commandOf(context);
  if (waitsForInput(context, command)) return { ports: {}, waits: command };
  if (command.length > 0 && !staysIdle(command)) return { ports: {}, main: command };
  const seconds = sleepSeconds(command);
  if (seconds === undefined || !context.exit) return { ports: {} };
  const stop = context.clock.after(seconds * 1000, () => context.exit?.(0));
  return { ports: {}, stop };
}

/** The shell of such an image has nothing to do without a command, and ends. */
export function shell(context: ContainerContext): RunningContainer {
  if (commandOf(context).length > 0) return idle(context);
  if (containerOf(context)?.stdin === true) return { ports: {}, waits: ['sh'] };
  context.exit?.(0);
  return { ports: {} };
}

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** What people write to keep a container there: nothing has to run for it. */
function staysIdle(command: readonly string[]): boolean {
  return /^(?:\S*\/)?(?:sleep (?:infinity|inf|\d\S*)|tail -f \/dev\/null|cat)$/.test(plain(command));
}

/** `kubectl run -it … -- sh`: a shell that is kept open for whoever attaches. */
function waitsForInput(context: ContainerContext, command: readonly string[]): boolean {
  return containerOf(context)?.stdin === true && /^(?:\S*\/)?(?:ba|a)?sh$/.test(command.join(' '));
}

/** Without the shell that does nothing but run it. */
function plain(command: readonly string[]): string {
  return command.join(' ').replace(/^(?:\S*\/)?(?:ba|a)?sh -c /, '');
}

/** The longest wait a timer can keep. */
const LONGEST = 2_000_000;

function sleepSeconds(command: readonly string[]): number | undefined {
  const [, amount, unit = ''] = /^(?:\S*\/)?sleep (\d+(?:\.\d+)?)([smhd]?)$/.exec(plain(command)) ?? [];
  if (amount === undefined) return undefined;
  const seconds = Number(amount) * (UNITS[unit] ?? 1);
  return seconds <= LONGEST ? seconds : undefined;
}

export function commandOf(context: ContainerContext): string[] {
  const own = containerOf(context);
  return [...(own?.command ?? []), ...(own?.args ?? [])];
}

function containerOf({ pod, containerName }: ContainerContext): Container | undefined {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = (pod.spec ?? {}) as Containers;
  return [...containers, ...initContainers, ...ephemeralContainers].find((c) => c.name === containerName);
}

interface Containers {
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
}

interface Container {
  name: string;
  command?: string[];
  args?: string[];
  stdin?: boolean;
}
