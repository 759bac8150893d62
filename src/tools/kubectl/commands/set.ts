import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { dryRunOf, dryRunSuffix, fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { findObjects } from '../selection.ts';
import type { Command, Session } from '../session.ts';

export const setCommand: Command = {
  summary: 'Cambia la imagen o las variables de entorno de los contenedores',
  flags: { ...fileFlags, ...selectorFlags, ...writeFlags, containers: { short: 'c', kind: 'text' } },
  async run(session) {
    const [what, ...args] = session.args;
    const at = args.findIndex((a) => a.includes('=') || (what === 'env' && a.endsWith('-')));
    const resources = at < 0 ? args : args.slice(0, at);
    const pairs = at < 0 ? [] : args.slice(at);
    if (what !== 'image' && what !== 'env')
      throw new ToolError(`error: unknown command "${what ?? ''}"\nSee 'kubectl set -h' for help and examples`);
    if (pairs.length === 0)
      throw new ToolError(
        what === 'image'
          ? 'error: at least one image update is required'
          : 'error: at least one environment variable must be provided',
      );
    const dryRun = dryRunOf(session);
    for (const { resource, object } of await findObjects(session, resources, { explicit: true })) {
      const containers = what === 'image' ? images(object, pairs) : variables(object, pairs, session);
      const template = { spec: containers };
      if (dryRun !== 'client')
        await session.api.json<KubeObject>({
          method: 'PATCH',
          path: pathOf(resource, object.metadata.namespace, object.metadata.name),
          query: { fieldManager: 'kubectl-set', ...(dryRun === 'server' ? { dryRun: 'All' } : {}) },
          body: object.kind === 'Pod' ? template : { spec: { template } },
          contentType: 'application/strategic-merge-patch+json',
        });
      const word = what === 'image' ? 'image updated' : 'env updated';
      session.out(`${typeName(resource)}/${object.metadata.name} ${word}${dryRunSuffix[dryRun]}\n`);
    }
    return 0;
  },
};

interface PodSpec {
  containers?: { name: string }[];
  initContainers?: { name: string }[];
}

function podSpecOf(object: KubeObject): PodSpec {
  const spec = (object.spec ?? {}) as { template?: { spec?: PodSpec } } & PodSpec;
  return object.kind === 'Pod' ? spec : (spec.template?.spec ?? {});
}

function images(object: KubeObject, pairs: string[]) {
  const { containers = [], initContainers = [] } = podSpecOf(object);
  const wished = pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]);
  for (const [name] of wished)
    if (name !== '*' && ![...containers, ...initContainers].some((c) => c.name === name))
      throw new ToolError(`error: unable to find container named "${name}"`);
  const changes = (list: { name: string }[]) =>
    wished.flatMap(([name, image]) =>
      list.filter((c) => name === '*' || c.name === name).map((c) => ({ name: c.name, image })),
    );
  const [own, init] = [changes(containers), changes(initContainers)];
  return { ...(own.length > 0 ? { containers: own } : {}), ...(init.length > 0 ? { initContainers: init } : {}) };
}

function variables(object: KubeObject, pairs: string[], { flags }: Session) {
  const { containers = [] } = podSpecOf(object);
  const chosen = flags.text('containers') ?? '*';
  const env = pairs.map((pair) => {
    const [name = '', value] = pair.split(/=(.*)/s);
    return value === undefined ? { $patch: 'delete', name: name.replace(/-$/, '') } : { name, value };
  });
  const found = containers.filter((c) => chosen === '*' || c.name === chosen);
  return { containers: found.map((c) => ({ name: c.name, env })) };
}
