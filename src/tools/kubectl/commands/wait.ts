import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { durationOf, fileFlags, selectorFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { readManifests } from '../manifests.ts';
import { queryJsonPath } from '../printing/jsonpath.ts';
import { listObjects, type Target, targetsOf } from '../selection.ts';
import type { Command, Session } from '../session.ts';
import { until } from '../until.ts';

export const waitCommand: Command = {
  summary: 'Espera a que se cumpla una condición',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    for: { kind: 'list' },
    output: { short: 'o', kind: 'text' },
    timeout: { kind: 'text' },
  },
  async run(session) {
    const { flags, out, err } = session;
    const [wish] = flags.list('for');
    if (wish === undefined) throw new ToolError('error: required flag(s) "for" not set');
    const condition = conditionOf(wish);
    const timeout = durationOf(flags.text('timeout') ?? '30s');
    const targets = await targetsToAwait(session);
    if (targets.length === 0) {
      if (wish === 'delete') return 0;
      throw new ToolError('error: no matching resources found');
    }
    const deadline = Date.now() + timeout;
    let failed = false;
    for (const target of targets) {
      try {
        await until(session, target, Math.max(1, deadline - Date.now()), condition);
        const word = wish === 'delete' ? 'deleted' : 'condition met';
        out(`${typeName(target.resource)}/${target.name} ${word}\n`);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        err(`${error.message}\n`);
        failed = true;
      }
    }
    return failed ? 1 : 0;
  },
};

async function targetsToAwait(session: Session): Promise<Target[]> {
  const { flags, args, api } = session;
  if (flags.list('filename').length > 0) {
    const manifests = await readManifests(session);
    return manifests.map(({ resource, object: { metadata } }) => ({
      resource,
      namespace: metadata.namespace,
      name: metadata.name,
    }));
  }
  const targets = await targetsOf(session, args);
  const found: Target[] = [];
  for (const target of targets) {
    if (target.name === undefined) {
      const objects = await listObjects(session, target.resource, target.namespace);
      found.push(
        ...objects.map(({ resource, object: { metadata } }) => ({
          resource,
          namespace: metadata.namespace,
          name: metadata.name,
        })),
      );
      continue;
    }
    const [wish] = flags.list('for');
    // What does not exist cannot fulfil a condition; deleted it is, and created it may become.
    if (wish !== 'delete' && wish !== 'create')
      await api.json<KubeObject>({ path: pathOf(target.resource, target.namespace, target.name) });
    found.push(target);
  }
  return found;
}

type Condition = (object: KubeObject | undefined) => boolean;

function conditionOf(wish: string): Condition {
  if (wish === 'delete') return (object) => object === undefined;
  if (wish === 'create') return (object) => object !== undefined;
  const [, type, status = 'True'] = /^condition=([^=]+)(?:=(.*))?$/.exec(wish) ?? [];
  if (type) return (object) => conditionHolds(object, type, status);
  const [, path, value] = /^jsonpath=(\{[^}]*\}|[^=]*)(?:=(.*))?$/.exec(wish) ?? [];
  if (path) {
    const expected = value?.replace(/^(['"])(.*)\1$/, '$2');
    return (object) => {
      const [found] = object ? queryJsonPath(path.replace(/^(['"])(.*)\1$/, '$2'), object) : [];
      return found !== undefined && (expected === undefined || String(found) === expected);
    };
  }
  throw new ToolError(`error: unrecognized condition: "${wish}"`);
}

function conditionHolds(object: KubeObject | undefined, type: string, status: string): boolean {
  const { conditions = [], observedGeneration } = (object?.status ?? {}) as {
    conditions?: { type: string; status: string; observedGeneration?: number }[];
    observedGeneration?: number;
  };
  const found = conditions.find((c) => c.type.toLowerCase() === type.toLowerCase());
  const seen = found?.observedGeneration ?? observedGeneration;
  // A condition that speaks of an older spec says nothing of this one.
  if (seen !== undefined && seen < (object?.metadata.generation ?? 0)) return false;
  return found?.status.toLowerCase() === status.toLowerCase();
}
