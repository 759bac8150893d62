// What a terminal's kernel side does for a program that reads lines: echo, backspace, Ctrl-C, Ctrl-D, Ctrl-U.
// The client's own terminal is raw: it sends each key as it is pressed.
import type { ProgramStreams } from './program.ts';
import { createByteQueue } from './queue.ts';

interface Wire {
  stdin: AsyncIterable<Uint8Array>;
  stdout(chunk: Uint8Array): void;
}

export interface Terminal {
  streams: Required<Pick<ProgramStreams, 'stdin' | 'stdout' | 'stderr' | 'onInterrupt'>>;
  close(): void;
}

const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = 8;
const CTRL_U = 21;
const ESCAPE = 27;
const DELETE = 127;
const LONGEST_LINE = 4096;

/** `kill` ends the program when nobody else takes Ctrl-C. */
export function openTerminal(wire: Wire, kill: () => void): Terminal {
  const input = createByteQueue();
  let line = '';
  let interrupt: (() => void) | undefined;
  let sequence = '';
  const show = (text: string) => wire.stdout(Buffer.from(text.replace(/\r?\n/g, '\r\n')));
  const decoder = new TextDecoder();

  void (async () => {
    for await (const chunk of wire.stdin) for (const key of decoder.decode(chunk, { stream: true })) press(key);
    input.end();
  })();

  function press(key: string): void {
    const code = key.codePointAt(0) ?? 0;
    // Arrows and their like have nothing to move here.
    if (sequence !== '' || code === ESCAPE) {
      sequence += key;
      if (sequence.length > 2 ? /[@-~]$/.test(key) : sequence.length === 2 && !/[[O]/.test(key)) sequence = '';
      return;
    }
    switch (code) {
      case CTRL_C:
        line = '';
        show('^C\n');
        if (interrupt) interrupt();
        else kill();
        return;
      case CTRL_D:
        if (line === '') input.end();
        else flush('');
        return;
      case BACKSPACE:
      case DELETE:
        if (line !== '') show('\b \b');
        line = [...line].slice(0, -1).join('');
        return;
      case CTRL_U:
        show('\b \b'.repeat([...line].length));
        line = '';
        return;
      case 10:
      case 13:
        show('\n');
        flush('\n');
        return;
      default:
        if (code < 32 || line.length >= LONGEST_LINE) return;
        line += key;
        show(key);
    }
  }

  function flush(end: string): void {
    input.push(Buffer.from(line + end));
    line = '';
  }

  const write = (chunk: string | Uint8Array) =>
    show(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
  return {
    streams: {
      stdin: input,
      stdout: write,
      stderr: write,
      onInterrupt(handler) {
        interrupt = handler;
      },
    },
    close: () => input.end(),
  };
}
