// Revision tags: names that namespaces follow and that can be moved from one revision to another.
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, items } from '../../../mesh/read.ts';
import { ToolError } from '../../tool.ts';
import { revisionTag, tagServiceName, tagWebhookName } from '../manifests/revision-tag.ts';
import { columns } from '../proxy/columns.ts';
import { type Command, clientOf, type Invocation, istioNamespaceOf } from './command.ts';
import { confirmed } from './confirm.ts';

const REVISION = 'istio.io/rev';
const TAG = 'istio.io/tag';
const webhookKind = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };

export const tagCommand: Command = {
  summary: 'Etiquetas de revisión: list, set ETIQUETA --revision REVISIÓN, remove ETIQUETA',
  usage: '(list|set|remove) [ETIQUETA]',
  flags: {
    output: { short: 'o', kind: 'text' },
    overwrite: { kind: 'bool' },
    revision: { short: 'r', kind: 'text' },
    'skip-confirmation': { short: 'y', kind: 'bool' },
  },
  async run(invocation) {
    const [action = '', tag] = invocation.args;
    if (action === 'list' || action === 'show') return list(invocation);
    if (action !== 'set' && action !== 'remove') throw new ToolError(`unknown command "${action}" for "istioctl tag"`);
    if (tag === undefined) throw new ToolError('must provide a tag for creation');
    return action === 'set' ? set(invocation, tag) : remove(invocation, tag);
  },
};

interface Tag {
  tag: string;
  revision: string;
  namespaces: string[];
}

async function list(invocation: Invocation): Promise<number> {
  const { flags, streams } = invocation;
  const tags = await readTags(invocation);
  const output = flags.text('output');
  if (output === 'json') streams.stdout.write(`${JSON.stringify(tags, undefined, '\t')}\n`);
  else if (output !== undefined && output !== 'table') throw new ToolError(`unknown format: ${output}`);
  else {
    const rows = tags.map(({ tag, revision, namespaces }) => [tag, revision, namespaces.join(',')]);
    streams.stdout.write(columns([['TAG', 'REVISION', 'NAMESPACES'], ...rows], 1));
  }
  return 0;
}

async function readTags(invocation: Invocation): Promise<Tag[]> {
  const client = clientOf(invocation);
  const [webhooks, namespaces] = await Promise.all([
    client.list({ ...webhookKind, labelSelector: TAG }),
    client.list({ apiVersion: 'v1', kind: 'Namespace' }),
  ]);
  return webhooks
    .map(({ metadata: { labels = {} } }) => {
      const tag = labels[TAG] ?? '';
      return { tag, revision: labels[REVISION] ?? '', namespaces: followers(namespaces, tag) };
    })
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function followers(namespaces: readonly KubeObject[], tag: string): string[] {
  return namespaces.filter(({ metadata }) => metadata.labels?.[REVISION] === tag).map(({ metadata }) => metadata.name);
}

async function set(invocation: Invocation, tag: string): Promise<number> {
  const { flags, streams } = invocation;
  const revision = flags.text('revision') ?? '';
  const client = clientOf(invocation);
  const webhooks = await client.list({ ...webhookKind, labelSelector: REVISION });
  const own = webhooks.find(
    ({ metadata }) => metadata.labels?.[REVISION] === revision && metadata.labels[TAG] === undefined,
  );
  if (!own)
    throw new ToolError(
      `cannot modify tag: cannot find MutatingWebhookConfiguration or Service with revision "${revision}"`,
    );
  const existing = webhooks.find(({ metadata }) => metadata.labels?.[TAG] === tag);
  if (existing && !flags.bool('overwrite'))
    throw new ToolError(`revision tag "${tag}" already exists, and --overwrite is false`);
  const namespace = istioNamespaceOf(invocation);
  const { clientConfig } = fields(items(own.webhooks)[0]);
  for (const object of revisionTag({ tag, revision, namespace, clientConfig })) await client.apply(object, 'istioctl');
  streams.stdout.write(
    `Revision tag "${tag}" created, referencing control plane revision "${revision}". To enable injection using this\nrevision tag, use 'kubectl label namespace <NAMESPACE> istio.io/rev=${tag}'\n`,
  );
  return 0;
}

async function remove(invocation: Invocation, tag: string): Promise<number> {
  const { flags, streams } = invocation;
  const known = (await readTags(invocation)).find((one) => one.tag === tag);
  if (!known)
    throw new ToolError(`cannot remove tag "${tag}": cannot find MutatingWebhookConfiguration or Service for tag`);
  const { namespaces } = known;
  if (namespaces.length > 0 && !flags.bool('skip-confirmation')) {
    const question = `Caution, found ${namespaces.length} namespace(s) still injected by tag "${tag}": ${namespaces.join(', ')}\nProceed with operation? [y/N] `;
    if (!(await confirmed(question, invocation))) {
      streams.stdout.write('Aborting operation.\n');
      return 0;
    }
  }
  const client = clientOf(invocation);
  await client.remove({ ...webhookKind, name: tagWebhookName(tag) });
  const namespace = istioNamespaceOf(invocation);
  await client.remove({ apiVersion: 'v1', kind: 'Service', namespace, name: tagServiceName(tag) });
  streams.stdout.write(`Revision tag ${tag} removed\n`);
  return 0;
}
