// What the handlers of the API work with.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Clock, LogBook, ResourceId } from '../../contract.ts';
import type { ContainerAccess } from '../../exec/container-access.ts';
import type { UsageSource } from '../../usage.ts';
import type { KindDefinition } from '../kinds/kind-table.ts';
import type { FullRegistry } from '../registry.ts';
import type { Form } from './accept.ts';
import type { Continuations } from './continuations.ts';
import type { ApiReply, ApiRequest, User } from './request.ts';
import type { ServerMetrics } from './server-metrics.ts';

export interface ApiContext {
  registry: FullRegistry;
  logs: LogBook;
  clock: Clock;
  containers: ContainerAccess;
  continuations: Continuations;
  metrics: ServerMetrics;
  /** Undefined: nobody measures, and there is no metrics API. */
  usage?: UsageSource;
  /** Whose token it is; undefined when it is not one of ours or has ended. */
  tokenUser(token: string): User | undefined;
  beforeReading?(resource: ResourceId): void;
  onBug(error: unknown): void;
  /** A signed token for a service account, good until `expires` (milliseconds). */
  serviceAccountToken(account: KubeObject, audiences: string[], expires: number): string;
}

/** A request for a collection, an object or a subresource of it. */
export interface ResourceRequest {
  context: ApiContext;
  request: ApiRequest;
  kind: KindDefinition;
  resource: ResourceId;
  version: string;
  namespace: string | undefined;
  /** Undefined for a collection. */
  name: string | undefined;
  form: Form;
  /** Becomes a Warning header. */
  warn(message: string): void;
}

export type Handler = (r: ResourceRequest) => ApiReply | Promise<ApiReply>;
