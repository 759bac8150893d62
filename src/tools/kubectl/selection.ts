// Which objects a command is about: `pods`, `pod/a svc/b`, `deploy,svc -l app=x`, `all`, `-f file`.
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';
import { apiVersionOf, pathOf, type Resource } from './discovery.ts';
import { readManifests } from './manifests.ts';
import type { Session } from './session.ts';

export interface Target {
  resource: Resource;
  namespace: string | undefined;
  /** Undefined: all that the selector picks. */
  name: string | undefined;
}

/** `undefined` namespace for all of them. */
export async function scopeOf(session: Session, resource: Resource): Promise<string | undefined> {
  if (!resource.namespaced || session.flags.bool('all-namespaces')) return undefined;
  return session.namespace();
}

/** Reads `args` as types and names. */
export async function targetsOf(session: Session, args: readonly string[]): Promise<Target[]> {
  const { discovery } = session;
  const target = async (resource: Resource, name?: string): Promise<Target> => ({
    resource,
    name,
    namespace: await scopeOf(session, resource),
  });
  if (args.some((a) => a.includes('/'))) {
    const odd = args.find((a) => !a.includes('/'));
    if (odd !== undefined)
      throw new ToolError(
        `error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '${session.env.KUBECTL ?? 'kubectl'} get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
      );
    return Promise.all(
      args.map(async (arg) => {
        const [type = '', name = '', extra] = arg.split('/');
        if (!type || !name || extra !== undefined)
          throw new ToolError('error: arguments in resource/name form must have a single resource and name');
        return target(await discovery.named(type), name);
      }),
    );
  }
  const [types = '', ...names] = args;
  const resources: Resource[] = [];
  for (const type of types.split(',').filter(Boolean)) {
    const category = await discovery.category(type);
    resources.push(...(category.length > 0 ? category : [await discovery.named(type)]));
  }
  if (names.length === 0) return Promise.all(resources.map((r) => target(r)));
  return Promise.all(resources.flatMap((r) => names.map((name) => target(r, name))));
}

export interface Found {
  resource: Resource;
  object: KubeObject;
}

export interface Finding {
  /** Names are needed: a bare type is an error unless --all or a selector is given. */
  explicit?: boolean;
}

/** The objects themselves, of -f or of the arguments, read from the cluster. */
export async function findObjects(session: Session, args: readonly string[], options: Finding = {}): Promise<Found[]> {
  const { flags, api } = session;
  if (flags.list('filename').length > 0) {
    const manifests = await readManifests(session);
    return Promise.all(
      manifests.map(async ({ resource, object }) => {
        const path = pathOf(resource, object.metadata.namespace, object.metadata.name);
        return { resource, object: await api.json<KubeObject>({ path }) };
      }),
    );
  }
  if (args.length === 0) throw new ToolError('error: You must provide one or more resources by argument or filename.');
  const targets = await targetsOf(session, args);
  const found: Found[] = [];
  for (const { resource, namespace, name } of targets) {
    if (name !== undefined) {
      found.push({ resource, object: await api.json<KubeObject>({ path: pathOf(resource, namespace, name) }) });
      continue;
    }
    if (options.explicit && !flags.bool('all') && flags.text('selector') === undefined)
      throw new ToolError('error: resource(s) were provided, but no name was specified');
    found.push(...(await listObjects(session, resource, namespace)));
  }
  return found;
}

export async function listObjects(
  session: Session,
  resource: Resource,
  namespace: string | undefined,
): Promise<Found[]> {
  const { items = [] } = await session.api.json<{ items?: KubeObject[] }>({
    path: pathOf(resource, namespace),
    query: selectors(session),
  });
  const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  return items.map((object) => ({ resource, object: { ...object, ...type } }));
}

export const selectors = ({ flags }: Session): Record<string, string | undefined> => ({
  labelSelector: flags.text('selector'),
  fieldSelector: flags.text('field-selector'),
});
