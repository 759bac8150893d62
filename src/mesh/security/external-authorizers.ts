// Whom CUSTOM policies ask: the `extensionProviders` of the mesh's configuration that are authorizers. Nobody answers for
// them here; what is known is how a proxy ends when it cannot ask.
import { fields, integer, items, text } from '../read.ts';
import type { ServiceIndex } from '../services.ts';

export interface ExternalAuthorizer {
  /** Requests pass when it cannot be asked. */
  failOpen: boolean;
  /** Of the answer when it cannot be asked. */
  status: number;
  /** Only those of gRPC are asked about connections; the others are passed over there. */
  connections: boolean;
}

/** By name. A policy with a name that is not here is a mistake, and istiod has its rules keep out. */
export type ExternalAuthorizers = ReadonlyMap<string, ExternalAuthorizer>;

const STATUSES = /^[1-5]\d\d$/;

export function readAuthorizers(
  meshConfig: Readonly<Record<string, unknown>> | undefined,
  services: ServiceIndex,
): ExternalAuthorizers {
  const authorizers = new Map<string, ExternalAuthorizer>();
  for (const item of items(meshConfig?.extensionProviders)) {
    const { name, envoyExtAuthzHttp, envoyExtAuthzGrpc } = fields(item);
    const spec = fields(envoyExtAuthzHttp ?? envoyExtAuthzGrpc);
    const port = integer(spec.port) ?? 0;
    // `namespace/host`, or the host alone.
    const host = text(spec.service)?.split('/').at(-1) ?? '';
    const status = Number(text(spec.statusOnError) ?? 403);
    if (port < 1 || port > 65_535 || !STATUSES.test(String(status)) || !services.byHost(host)) continue;
    authorizers.set(text(name) ?? '', {
      failOpen: spec.failOpen === true,
      status,
      connections: envoyExtAuthzHttp === undefined,
    });
  }
  return authorizers;
}
