// Injection on the student's side: the same function as the webhook's, on the pod templates of a file.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import type { KubeClient } from '../../../cluster/contract.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { type InjectionConfiguration, readInjectionConfiguration } from '../inject/configuration.ts';
import { injectPod } from '../inject/inject-pod.ts';
import { injectionRequired } from '../inject/injection-required.ts';
import { nativeSidecars } from '../inject/native-sidecars.ts';
import type { PodObject, PodSpec } from '../inject/pod-shape.ts';
import { ProxyConfigError } from '../inject/proxy-config.ts';
import { type Command, clientOf, istioNamespaceOf } from './command.ts';
import { readInput } from './install.ts';

export const kubeInjectCommand: Command = {
  summary: 'Añade el sidecar a los manifiestos de un fichero',
  flags: {
    filename: { short: 'f', kind: 'text' },
    output: { short: 'o', kind: 'text' },
    revision: { short: 'r', kind: 'text' },
  },
  async run(invocation) {
    const path = invocation.flags.text('filename');
    if (path === undefined)
      throw new ToolError('1 error occurred:\n\t* filename not specified (see --filename or -f)\n\n');
    const configuration = await configurationOf(clientOf(invocation), istioNamespaceOf(invocation));
    const parts = (await readInput(path, invocation)).split(/^---.*$/m).filter((part) => part.trim() !== '');
    const text = parts.map((part) => `${rendered(part, configuration)}---\n`).join('');
    const output = invocation.flags.text('output');
    if (output === undefined) invocation.streams.stdout.write(text);
    else await writeFile(resolve(invocation.cwd, output), text);
    return 0;
  },
};

/** What is not a workload comes out as it was written, comments included. */
function rendered(source: string, configuration: InjectionConfiguration): string {
  const document = parseDocument(source);
  const [problem] = document.errors;
  if (problem) throw new ToolError(problem.message);
  const object = document.toJS() as unknown;
  const result = injected(object, configuration);
  if (result === object) return `${source.replace(/^\n/, '').trimEnd()}\n`;
  return stringify(result, { lineWidth: 0 });
}

async function configurationOf(client: KubeClient, namespace: string): Promise<InjectionConfiguration> {
  const map = (name: string) => client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
  const [injector, mesh, nodes] = await Promise.all([
    map('istio-sidecar-injector'),
    map('istio'),
    client.list({ apiVersion: 'v1', kind: 'Node' }),
  ]);
  if (!injector)
    throw new ToolError(
      `could not read valid configmap "istio" from namespace "${namespace}": configmaps "istio-sidecar-injector" not found - Use --meshConfigFile or re-run kube-inject with -i <istioSystemNamespace> and ensure valid MeshConfig exists`,
    );
  return readInjectionConfiguration(injector, mesh, nativeSidecars(undefined, nodes));
}

interface Workload {
  template?: { metadata?: KubeObject['metadata']; spec?: PodSpec };
  jobTemplate?: { spec?: Workload };
}

function injected(object: unknown, configuration: InjectionConfiguration): unknown {
  if (typeof object !== 'object' || object === null) return object;
  const copy = structuredClone(object) as KubeObject<Workload & PodSpec>;
  const namespace = copy.metadata?.namespace ?? 'default';
  if (copy.kind === 'List' && Array.isArray(copy.items))
    return { ...copy, items: copy.items.map((item) => injected(item, configuration)) };
  if (copy.kind === 'Pod') return injectWhenRequired(copy as PodObject, namespace, configuration);
  const workload = copy.spec?.jobTemplate?.spec ?? copy.spec;
  const template = workload?.template;
  if (!workload || !template?.spec?.containers) return object;
  const pod = asPod(template, copy);
  const result = injectWhenRequired(pod, namespace, configuration);
  const { name: _, ownerReferences: __, ...metadata } = result.metadata;
  workload.template = { metadata: metadata as KubeObject['metadata'], spec: result.spec ?? {} };
  return copy;
}

/** A pod as the workload will make it: what injection says of its owner comes from there. */
function asPod(template: NonNullable<Workload['template']>, owner: KubeObject): PodObject {
  const { apiVersion, kind } = owner;
  const { name } = owner.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      name,
      ownerReferences: [{ apiVersion, kind, name, uid: '', controller: true }],
    },
    spec: template.spec ?? {},
  };
}

function injectWhenRequired(pod: PodObject, namespace: string, configuration: InjectionConfiguration): PodObject {
  if (!injectionRequired(pod, namespace, configuration)) return pod;
  try {
    return injectPod(pod, namespace, configuration);
  } catch (error) {
    throw error instanceof ProxyConfigError ? new ToolError(error.message) : error;
  }
}
