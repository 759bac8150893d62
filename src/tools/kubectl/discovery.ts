// The resources a server has, and what `deploy`, `deployments.apps` or `Deployment` mean on it.

import { ToolError } from '../tool.ts';
import type { Api } from './api.ts';

export interface Resource {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  verbs: string[];
}

export interface Discovery {
  all(): Promise<Resource[]>;
  /** Throws ToolError in kubectl's words for a name that no resource has. */
  named(name: string): Promise<Resource>;
  /** `all` and other categories. */
  category(name: string): Promise<Resource[]>;
  ofKind(apiVersion: string, kind: string): Promise<Resource | undefined>;
}

export const apiVersionOf = ({ group, version }: Resource) => (group ? `${group}/${version}` : version);
/** `deployment.apps`, as kubectl calls an object in its messages. */
export const typeName = ({ singular, group }: Resource) => (group ? `${singular}.${group}` : singular);
export const pluralName = ({ plural, group }: Resource) => (group ? `${plural}.${group}` : plural);

export function pathOf(resource: Resource, namespace: string | undefined, name?: string): string {
  const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${resource.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

export function createDiscovery(api: Api): Discovery {
  let known: Promise<Resource[]> | undefined;
  const all = () => {
    known ??= fetchAll(api);
    return known;
  };
  return {
    all,
    async named(name) {
      const found = match(await all(), name);
      if (found) return found;
      throw new ToolError(`error: the server doesn't have a resource type "${name}"`);
    },
    async category(name) {
      return (await preferred(all())).filter((r) => r.categories.includes(name));
    },
    async ofKind(apiVersion, kind) {
      return (await all()).find((r) => apiVersionOf(r) === apiVersion && r.kind === kind);
    },
  };
}

/** The first version of each group is the preferred one; later ones are found only when they are asked for. */
async function preferred(all: Promise<Resource[]>): Promise<Resource[]> {
  const seen = new Set<string>();
  return (await all).filter((r) => {
    const key = pluralName(r);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function match(resources: Resource[], name: string): Resource | undefined {
  const [first = '', ...rest] = name.toLowerCase().split('.');
  const suffix = rest.join('.');
  const isCalled = (r: Resource, word: string) =>
    r.plural === word || r.singular === word || r.kind.toLowerCase() === word || r.shortNames.includes(word);
  if (suffix === '') return resources.find((r) => isCalled(r, first));
  const [version, ...group] = rest;
  return resources.find(
    (r) =>
      isCalled(r, first) &&
      (r.group === suffix ||
        (r.version === version && r.group === group.join('.')) ||
        r.group.startsWith(`${suffix}.`)),
  );
}

interface GroupDiscovery {
  metadata: { name?: string };
  versions: {
    version: string;
    resources?: {
      resource: string;
      responseKind?: { kind?: string };
      scope: string;
      singularResource?: string;
      verbs: string[];
      shortNames?: string[];
      categories?: string[];
    }[];
  }[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

async function fetchAll(api: Api): Promise<Resource[]> {
  const roots = await Promise.all(
    ['/api', '/apis'].map((path) => api.json<{ kind: string; items?: GroupDiscovery[] }>({ path, accept: aggregated })),
  );
  if (roots.every((r) => r.kind === 'APIGroupDiscoveryList'))
    return roots.flatMap((r) => (r.items ?? []).flatMap(ofGroup));
  return fetchOneByOne(api);
}

function ofGroup({ metadata, versions }: GroupDiscovery): Resource[] {
  return versions.flatMap(({ version, resources = [] }) =>
    resources.map((r) => ({
      group: metadata.name ?? '',
      version,
      plural: r.resource,
      singular: r.singularResource || (r.responseKind?.kind ?? '').toLowerCase(),
      kind: r.responseKind?.kind ?? '',
      shortNames: r.shortNames ?? [],
      categories: r.categories ?? [],
      namespaced: r.scope === 'Namespaced',
      verbs: r.verbs,
    })),
  );
}

interface ResourceList {
  resources?: {
    name: string;
    singularName?: string;
    kind: string;
    namespaced: boolean;
    verbs: string[];
    shortNames?: string[];
    categories?: string[];
  }[];
}

/** Servers older than 1.26. */
async function fetchOneByOne(api: Api): Promise<Resource[]> {
  const groups = await api.json<{ groups?: { name: string; versions: { version: string }[] }[] }>({ path: '/apis' });
  const versions = [
    { group: '', version: 'v1', path: '/api/v1' },
    ...(groups.groups ?? []).flatMap((g) =>
      g.versions.map(({ version }) => ({ group: g.name, version, path: `/apis/${g.name}/${version}` })),
    ),
  ];
  const lists = await Promise.all(
    versions.map(async ({ group, version, path }) => {
      const list = await api.find<ResourceList>({ path });
      return (list?.resources ?? [])
        .filter((r) => !r.name.includes('/'))
        .map(
          (r): Resource => ({
            group,
            version,
            plural: r.name,
            singular: r.singularName || r.kind.toLowerCase(),
            kind: r.kind,
            shortNames: r.shortNames ?? [],
            categories: r.categories ?? [],
            namespaced: r.namespaced,
            verbs: r.verbs,
          }),
        );
    }),
  );
  return lists.flat();
}
