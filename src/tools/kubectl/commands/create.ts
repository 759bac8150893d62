import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { dryRunOf, dryRunSuffix, fileFlags, writeFlags } from '../common-flags.ts';
import { pathOf, type Resource, typeName } from '../discovery.ts';
import { readManifests } from '../manifests.ts';
import { printObjects } from '../printing/object-printer.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';
import { cronJobObject, jobFlags, jobObject } from './create-jobs.ts';
import { bindingObject, rbacFlags, roleObject } from './create-rbac.ts';
import { tlsSecret } from './create-secret-tls.ts';
import { createToken, tokenFlags } from './create-token.ts';

export const createCommand: Command = {
  summary: 'Crea objetos, de ficheros o por su nombre',
  flags: {
    ...fileFlags,
    ...writeFlags,
    ...jobFlags,
    ...rbacFlags,
    ...tokenFlags,
    cert: { kind: 'text' },
    'from-file': { kind: 'list' },
    'from-literal': { kind: 'list' },
    image: { kind: 'list' },
    key: { kind: 'text' },
    port: { kind: 'text' },
    replicas: { short: 'r', kind: 'text' },
    'save-config': { kind: 'bool' },
    tcp: { kind: 'list' },
    type: { kind: 'text' },
    'node-port': { kind: 'text' },
    validate: { kind: 'optional', otherwise: 'strict' },
  },
  async run(session) {
    const { flags, args, err } = session;
    if (flags.list('filename').length === 0) {
      const [kind = '', ...rest] = args;
      if (kind === 'token') return createToken(rest, session);
      const make = makers[aliases[kind] ?? kind];
      if (!make)
        throw new ToolError(
          `error: Unexpected args: [${args.join(' ')}]\nSee 'kubectl create -h' for help and examples`,
        );
      const object = await make(rest, session);
      const resource = await session.discovery.ofKind(object.apiVersion, object.kind);
      if (!resource)
        throw new ToolError(`error: no matches for kind "${object.kind}" in version "${object.apiVersion}"`);
      const namespace = resource.namespaced ? await session.namespace() : undefined;
      await createOne(session, resource, {
        ...object,
        metadata: { ...object.metadata, ...(namespace ? { namespace } : {}) },
      });
      return 0;
    }
    let failed = false;
    for (const { resource, object, source } of await readManifests(session)) {
      try {
        await createOne(session, resource, object);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        err(`${error.describe(`error when creating "${source}": `)}\n`);
        failed = true;
      }
    }
    return failed ? 1 : 0;
  },
};

export async function createOne(
  session: Session,
  resource: Resource,
  object: KubeObject,
  word = 'created',
): Promise<void> {
  const { api, flags, out } = session;
  const dryRun = dryRunOf(session);
  const created =
    dryRun === 'client'
      ? object
      : await api.json<KubeObject>({
          method: 'POST',
          path: pathOf(resource, object.metadata.namespace),
          query: {
            fieldManager: flags.text('field-manager') ?? 'kubectl-create',
            fieldValidation: 'Strict',
            ...(dryRun === 'server' ? { dryRun: 'All' } : {}),
          },
          body: object,
        });
  const format = flags.text('output');
  if (format) out(printObjects([{ resource, object: created }], false, { format }));
  else out(`${typeName(resource)}/${created.metadata.name} ${word}${dryRunSuffix[dryRun]}\n`);
}

type Maker = (args: string[], session: Session) => KubeObject | Promise<KubeObject>;

const aliases: Record<string, string> = {
  ns: 'namespace',
  deploy: 'deployment',
  cj: 'cronjob',
  cm: 'configmap',
  sa: 'serviceaccount',
  svc: 'service',
};

const makers: Record<string, Maker> = {
  namespace: (args) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: nameOf(args) } }),
  serviceaccount: (args) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: nameOf(args) } }),
  deployment,
  job: (args, session) => jobObject(nameOf(args), session),
  cronjob: (args, session) => cronJobObject(nameOf(args), session),
  role: (args, session) => roleObject('Role', nameOf(args), session),
  clusterrole: (args, session) => roleObject('ClusterRole', nameOf(args), session),
  rolebinding: (args, session) => bindingObject('RoleBinding', nameOf(args), session),
  clusterrolebinding: (args, session) => bindingObject('ClusterRoleBinding', nameOf(args), session),
  async configmap(args, session) {
    const data = await entries(session);
    const text = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value.toString('utf8')]));
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: nameOf(args) }, data: text };
  },
  async secret([kind, ...args], session) {
    if (kind === 'tls') return tlsSecret(nameOf(args), session);
    if (kind !== 'generic') throw new ToolError('error: el kubectl de Malla solo crea secretos «generic» y «tls»');
    const data = await entries(session);
    const encoded = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value.toString('base64')]));
    const type = session.flags.text('type');
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: nameOf(args) },
      ...(type ? { type } : {}),
      data: encoded,
    };
  },
  service,
};

function nameOf(args: string[]): string {
  const [name, ...more] = args;
  if (name === undefined || more.length > 0)
    throw new ToolError(`error: exactly one NAME is required, got ${args.length}`);
  return name;
}

function deployment(args: string[], { flags, afterDashes }: Session): KubeObject {
  const name = nameOf(args);
  const images = flags.list('image').flatMap((i) => i.split(','));
  if (images.length === 0) throw new ToolError('error: required flag(s) "image" not set');
  const labels = { app: name };
  const port = flags.text('port');
  const containers = images.map((image) => ({
    name: /([^/:@]+)(?:[:@][^/]*)?$/.exec(image)?.[1] ?? name,
    image,
    ...(afterDashes && afterDashes.length > 0 ? { command: afterDashes } : {}),
    ...(port ? { ports: [{ containerPort: Number(port) }] } : {}),
    resources: {},
  }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: Number(flags.text('replicas') ?? 1),
      selector: { matchLabels: labels },
      strategy: {},
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

function service([kind = '', ...args]: string[], { flags }: Session): KubeObject {
  const types: Record<string, string> = { clusterip: 'ClusterIP', nodeport: 'NodePort', loadbalancer: 'LoadBalancer' };
  const type = types[kind];
  if (!type) throw new ToolError(`error: unknown service type "${kind}"`);
  const name = nameOf(args);
  const nodePort = flags.text('node-port');
  const ports = flags.list('tcp').map((pair) => {
    const [port = '', target = port] = pair.split(':');
    const targetPort = /^\d+$/.test(target) ? Number(target) : target;
    return {
      name: pair.replace(':', '-'),
      port: Number(port),
      protocol: 'TCP',
      targetPort,
      ...(nodePort ? { nodePort: Number(nodePort) } : {}),
    };
  });
  if (ports.length === 0) throw new ToolError('error: at least one tcp port specifier must be provided');
  const labels = { app: name };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, labels }, spec: { ports, selector: labels, type } };
}

async function entries({ flags, cwd }: Session): Promise<Record<string, Buffer>> {
  const data: Record<string, Buffer> = {};
  for (const pair of flags.list('from-literal')) {
    const [name = '', value] = pair.split(/=(.*)/s);
    if (value === undefined) throw new ToolError(`error: invalid literal source ${pair}, expected key=value`);
    data[name] = Buffer.from(value);
  }
  for (const source of flags.list('from-file')) {
    const [first = '', second] = source.split(/=(.*)/s);
    const path = second ?? first;
    const content = await readFile(resolve(cwd, path)).catch(() => undefined);
    if (!content) throw new ToolError(`error: error reading ${path}: no such file or directory`);
    data[second === undefined ? basename(path) : first] = content;
  }
  return data;
}
