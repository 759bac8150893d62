// time, as busybox has it: how long another program took.
import type { Program } from '../program.ts';

export const time: Program = async (argv, streams) => {
  const [name, ...rest] = argv.filter((word, index) => index > 0 || word !== '-p');
  const { machine, stderr } = streams;
  const now = machine.context?.clock.now ?? Date.now;
  const program = name === undefined ? undefined : machine.program(name);
  if (!program) {
    stderr(name === undefined ? 'time: no program\n' : `time: can't execute '${name}': No such file or directory\n`);
    return name === undefined ? 1 : 127;
  }
  const start = now();
  const code = await program(rest, streams);
  const seconds = (now() - start) / 1000;
  stderr(`real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return code;
};
