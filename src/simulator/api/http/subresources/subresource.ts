// One entry per subresource that is more than the object under another name.
import type { KindDefinition } from '../../kinds/kind-table.ts';
import type { Handler } from '../context.ts';

export interface Subresource {
  name: string;
  of(kind: KindDefinition): boolean;
  /** What it exchanges, for discovery. */
  answers(kind: KindDefinition): { group: string; version: string; kind: string };
  get?: Handler;
  create?: Handler;
  update?: Handler;
  patch?: Handler;
  delete?: Handler;
}

/** Of a kind of the core group. */
export function ofCore(plural: string): (kind: KindDefinition) => boolean {
  return (kind) => kind.group === '' && kind.plural === plural;
}

export function itself(kind: KindDefinition): { group: string; version: string; kind: string } {
  return { group: kind.group, version: kind.versions[0] ?? '', kind: kind.kind };
}
