import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { fileFlags, selectorFlags } from '../common-flags.ts';
import { describeDeployment } from '../describe/deployment.ts';
import { addEvents } from '../describe/events.ts';
import { describeGeneric } from '../describe/generic.ts';
import { describeNode } from '../describe/node.ts';
import type { Page } from '../describe/page.ts';
import { describePod } from '../describe/pod.ts';
import { describeService } from '../describe/service.ts';
import {
  describeConfigMap,
  describeNamespace,
  describeSecret,
  describeServiceAccount,
} from '../describe/small-kinds.ts';
import { elasticTabs } from '../printing/elastic-tabs.ts';
import { type Found, findObjects } from '../selection.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';

export const describeCommand: Command = {
  summary: 'Cuenta un objeto con detalle, con sus eventos',
  flags: { ...fileFlags, ...selectorFlags, 'show-events': { kind: 'bool' } },
  async run(session) {
    const { args, out, flags } = session;
    if (args.length === 0 && flags.list('filename').length === 0)
      throw new ToolError(
        'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    const { found, byPrefix } = await findWithPrefixes(session);
    if (found.length === 0) {
      session.err(`No resources found in ${await session.namespace()} namespace.\n`);
      return 0;
    }
    const pages = await Promise.all(found.map((f) => describe(session, f)));
    out(byPrefix ? pages.map((page) => `${page}\n`).join('') : pages.join('\n\n'));
    return 0;
  },
};

/** A name that no object has may be the beginning of some objects' names. */
async function findWithPrefixes(session: Session): Promise<{ found: Found[]; byPrefix: boolean }> {
  const [type, prefix, ...more] = session.args;
  try {
    return { found: await findObjects(session, session.args), byPrefix: false };
  } catch (error) {
    if (!(error instanceof StatusError && error.isNotFound) || !type || !prefix || more.length > 0) throw error;
    const all = await findObjects(session, [type]);
    const matching = all.filter((f) => f.object.metadata.name.startsWith(prefix));
    if (matching.length === 0) throw error;
    return { found: matching, byPrefix: true };
  }
}

type Describer = (object: KubeObject, session: Session) => Page | Promise<Page>;

const describers: Record<string, Describer> = {
  ConfigMap: describeConfigMap,
  Deployment: describeDeployment,
  Namespace: describeNamespace,
  Node: describeNode,
  Pod: describePod,
  Secret: describeSecret,
  Service: describeService,
  ServiceAccount: describeServiceAccount,
};
const withoutEvents = new Set(['Namespace', 'Secret']);

async function describe(session: Session, { resource, object }: Found): Promise<string> {
  const builtIn = resource.group === '' || resource.group === 'apps';
  const describer = builtIn ? describers[object.kind] : undefined;
  const page = await (describer ?? describeGeneric)(object, session);
  if (session.flags.bool('show-events') !== false && !(describer && withoutEvents.has(object.kind)))
    await addEvents(page, session, object);
  return elasticTabs(page.toString());
}
