// A route that has been read: what it attaches to and the rules that come of it.
import type { KubeObject } from '../objects.ts';
import type { RefError } from './api.ts';
import type { BackendContext } from './backends.ts';
import type { Attachment, ParentContext } from './parents.ts';
import type { MadeRule } from './rules.ts';

export interface ApiRoute {
  object: KubeObject;
  kind: string;
  attachments: readonly Attachment[];
  /** As rules of Gateways and as rules of Services; undefined where the route has no such parent. */
  atGateways?: Conversion;
  inMesh?: Conversion;
}

export interface Conversion {
  /** None: an error made the whole route worthless. */
  rules: readonly MadeRule[];
  error?: RefError;
}

export interface RouteContext
  extends Omit<BackendContext, 'kind' | 'namespace' | 'mesh'>,
    Omit<ParentContext, 'kind' | 'namespace' | 'hostnames'> {
  /** Hosts of a ServiceEntry. */
  entryHosts(namespace: string, name: string): readonly string[];
}
