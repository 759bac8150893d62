// A DestinationRule's trafficPolicy, and what is left of several for one port: each block is taken or replaced whole.
import type { Source } from '../decision.ts';
import { fields, integer, items, present } from '../read.ts';

/** One block as written, with where. */
export interface Block {
  value: unknown;
  source: Source;
}

const NAMES = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const;

export type Blocks = { readonly [name in (typeof NAMES)[number]]?: Block };

export interface TrafficPolicy {
  blocks: Blocks;
  byPort: ReadonlyMap<number, Blocks>;
}

/** `source.path` is that of the trafficPolicy. */
export function readTrafficPolicy(value: unknown, source: Source): TrafficPolicy | undefined {
  if (!present(value)) return undefined;
  const byPort = new Map<number, Blocks>();
  items(fields(value).portLevelSettings).forEach((item, index) => {
    const number = integer(fields(fields(item).port).number);
    if (number === undefined || byPort.has(number)) return;
    byPort.set(number, readBlocks(item, { ...source, path: `${source.path}.portLevelSettings[${index}]` }));
  });
  return { blocks: readBlocks(value, source), byPort };
}

/** Settings for the port replace all of the policy's own; a subset's blocks replace the host's, one by one. */
export function blocksFor(host: TrafficPolicy | undefined, subset: TrafficPolicy | undefined, port: number): Blocks {
  const ofHost = host?.byPort.get(port) ?? host?.blocks ?? {};
  if (!subset) return ofHost;
  return subset.byPort.get(port) ?? { ...ofHost, ...subset.blocks };
}

function readBlocks(value: unknown, source: Source): Blocks {
  const written = fields(value);
  const blocks: { -readonly [name in keyof Blocks]: Block } = {};
  for (const name of NAMES) {
    if (!present(written[name])) continue;
    blocks[name] = { value: written[name], source: { ...source, path: `${source.path}.${name}` } };
  }
  return blocks;
}
