// Flags that many commands share.
import type { FlagSpecs } from '../flags.ts';
import { ToolError } from '../tool.ts';
import type { Session } from './session.ts';

export const fileFlags: FlagSpecs = {
  filename: { short: 'f', kind: 'list' },
  kustomize: { short: 'k', kind: 'text' },
  recursive: { short: 'R', kind: 'bool' },
};

export const selectorFlags: FlagSpecs = {
  all: { kind: 'bool' },
  'all-namespaces': { short: 'A', kind: 'bool' },
  'field-selector': { kind: 'text' },
  selector: { short: 'l', kind: 'text' },
};

export const writeFlags: FlagSpecs = {
  'dry-run': { kind: 'optional', otherwise: 'unchanged' },
  'field-manager': { kind: 'text' },
  output: { short: 'o', kind: 'text' },
  'show-managed-fields': { kind: 'bool' },
};

export type DryRun = 'none' | 'client' | 'server';

export function dryRunOf({ flags, err }: Session): DryRun {
  const value = flags.text('dry-run') ?? 'none';
  if (value === 'unchanged' || value === 'true') {
    err('W: --dry-run is deprecated and can be replaced with --dry-run=client.\n');
    return 'client';
  }
  if (value === 'false' || value === 'none') return 'none';
  if (value === 'client' || value === 'server') return value;
  throw new ToolError(`error: Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

export const dryRunSuffix: Record<DryRun, string> = { none: '', client: ' (dry run)', server: ' (server dry run)' };

/** Milliseconds of a Go duration; a bare number counts seconds. */
export function durationOf(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text) * 1000;
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  if (!/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text))
    throw new ToolError(`error: invalid argument "${text}": time: invalid duration "${text}"`);
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (units[unit ?? ''] ?? 0),
    0,
  );
}
