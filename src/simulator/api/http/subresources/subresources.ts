// The table of subresources. Adding one is adding a row.
import type { KindDefinition } from '../../kinds/kind-table.ts';
import { approval } from './approval.ts';
import { binding } from './binding.ts';
import { eviction } from './eviction.ts';
import { attach, exec } from './exec.ts';
import { finalize } from './finalize.ts';
import { log } from './log.ts';
import { ephemeralContainers, resize } from './pod-parts.ts';
import { portForward } from './port-forward.ts';
import { proxy } from './proxy.ts';
import { scale } from './scale.ts';
import { status } from './status.ts';
import type { Subresource } from './subresource.ts';
import { token } from './token.ts';

const table: Subresource[] = [
  status,
  scale,
  log,
  exec,
  attach,
  portForward,
  proxy,
  eviction,
  binding,
  token,
  finalize,
  ephemeralContainers,
  resize,
  approval,
];

export function findSubresource(kind: KindDefinition, name: string): Subresource | undefined {
  return table.find((s) => s.name === name && s.of(kind));
}

export function subresourcesOf(kind: KindDefinition): Subresource[] {
  return table.filter((s) => s.of(kind));
}
