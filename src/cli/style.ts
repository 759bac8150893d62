// Colour for terminals that have it.
import { styleText } from 'node:util';
import type { Host } from './host.ts';

export type Paint = (format: 'green' | 'red' | 'yellow' | 'cyan' | 'bold' | 'dim', text: string) => string;

/** Paints only on a TTY and when NO_COLOR is not set. */
export function paintFor(host: Host): Paint {
  const colour = host.stdout.isTTY === true && !host.env.NO_COLOR;
  return (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text);
}
