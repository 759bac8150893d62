import type { KubeClient } from '../../../cluster/contract.ts';
import { analyze, type Finding } from '../../../mesh/analysis.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { type FileObject, readFileObjects } from '../analysis-files.ts';
import { schemaFindings } from '../schema-findings.ts';
import { type Command, clientOf, type Invocation } from './command.ts';

/** The exit code when a finding is as bad as the threshold. */
const FOUND = 79;
const levels = ['Info', 'Warning', 'Error'] as const;

export const analyzeCommand: Command = {
  summary: 'Busca errores en la configuración de Istio, del clúster y de ficheros',
  usage: '[fichero...] [flags]',
  flags: {
    'all-namespaces': { short: 'A', kind: 'bool' },
    color: { kind: 'bool' },
    'failure-threshold': { kind: 'text' },
    'list-analyzers': { short: 'L', kind: 'bool' },
    output: { short: 'o', kind: 'text' },
    'output-threshold': { kind: 'text' },
    recursive: { short: 'R', kind: 'bool' },
    suppress: { short: 'S', kind: 'list' },
    'use-kube': { short: 'k', kind: 'bool' },
    verbose: { short: 'v', kind: 'bool' },
  },
  async run(invocation) {
    const { flags } = invocation;
    const everywhere = flags.bool('all-namespaces') === true;
    const namespace = flags.text('namespace') ?? 'default';
    const files = await Promise.all(invocation.args.map((path) => readFileObjects(path, namespace, invocation)));
    const stored = flags.bool('use-kube') === false ? [] : await clusterObjects(clientOf(invocation));
    const written = files.flat();
    const objects = overlay(
      stored,
      written.map((f) => f.object),
    );
    const shownFrom = levelOf(flags.text('output-threshold') ?? 'Info');
    const findings = [...analyze(objects), ...objects.flatMap(schemaFindings)]
      .filter((f) => everywhere || belongs(f, namespace))
      .filter((f) => levels.indexOf(f.level) >= shownFrom && !suppressed(f, flags.list('suppress')))
      .sort(byGravity);
    const where = everywhere ? 'all namespaces' : `namespace: ${namespace}`;
    return report(findings, where, written, invocation);
  },
};

function report(findings: Finding[], where: string, written: FileObject[], { flags, streams }: Invocation): number {
  const placeOf = places(written);
  if (flags.text('output') === 'json') {
    streams.stdout.write(
      `${JSON.stringify(
        findings.map((f) => asJson(f, placeOf(f))),
        undefined,
        '\t',
      )}\n`,
    );
    return 0;
  }
  if (findings.length === 0) {
    streams.stderr.write(`\n✔ No validation issues found when analyzing ${where}.\n`);
    return 0;
  }
  for (const finding of findings) streams.stdout.write(`${lineOf(finding, placeOf(finding))}\n`);
  const threshold = levelOf(flags.text('failure-threshold') ?? 'Error');
  if (!findings.some((f) => levels.indexOf(f.level) >= threshold)) return 0;
  throw new ToolError(
    `Analyzers found issues when analyzing ${where}.\nSee https://istio.io/v1.30/docs/reference/config/analysis for more information about causes and resolutions.`,
    FOUND,
  );
}

/** `file:line` of a finding in an object that came from a file. */
function places(written: FileObject[]): (finding: Finding) => string | undefined {
  return ({ object }) => {
    const found = written.find(
      ({ object: { kind, metadata } }) =>
        kind === object.kind && metadata.name === object.name && (metadata.namespace ?? '') === object.namespace,
    );
    return found && `${found.file}:${found.lineOf(object.path)}`;
  };
}

function lineOf({ level, code, object, text }: Finding, place: string | undefined): string {
  return `${level} [${code}] (${subjectOf(object)}${place ? ` ${place}` : ''}) ${text}`;
}

const subjectOf = ({ kind, namespace, name }: Finding['object']) =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

function asJson({ level, code, object, text }: Finding, reference: string | undefined) {
  const documentationUrl = `https://istio.io/v1.30/docs/reference/config/analysis/${code.toLowerCase()}/?ref=istioctl-analyze`;
  const origin = subjectOf(object);
  return { code, documentationUrl, level, message: text, origin, ...(reference ? { reference } : {}) };
}

function levelOf(name: string): number {
  const at = levels.findIndex((level) => level.toLowerCase() === name.toLowerCase());
  if (at < 0) throw new ToolError(`invalid argument "${name}": must be one of Info, Warning, Error`, 64);
  return at;
}

const byGravity = (a: Finding, b: Finding) =>
  levels.indexOf(b.level) - levels.indexOf(a.level) ||
  a.code.localeCompare(b.code) ||
  lineOf(a, undefined).localeCompare(lineOf(b, undefined));

const belongs = ({ object }: Finding, namespace: string) =>
  object.namespace === namespace || (object.kind === 'Namespace' && object.name === namespace);

/** `IST0102=Namespace default`, with `*` in names. */
function suppressed({ code, object }: Finding, rules: string[]): boolean {
  const name = subjectOf(object);
  return rules.some((rule) => {
    const [ruleCode = '', pattern = ''] = rule.split(/=(.*)/s);
    const parts = pattern.split('*').map((p) => p.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return ruleCode === code && new RegExp(`^${parts.join('.*')}$`).test(name);
  });
}

const kinds: [apiVersion: string, kind: string][] = [
  ['v1', 'Namespace'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['apps/v1', 'Deployment'],
  ['networking.istio.io/v1', 'VirtualService'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'Sidecar'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'RequestAuthentication'],
  ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
  ['telemetry.istio.io/v1', 'Telemetry'],
];

async function clusterObjects(client: KubeClient): Promise<KubeObject[]> {
  const lists = await Promise.all(kinds.map(([apiVersion, kind]) => client.list({ apiVersion, kind })));
  return lists.flat();
}

/** What a file says takes the place of what the cluster has. */
function overlay(stored: KubeObject[], files: KubeObject[]): KubeObject[] {
  const key = (o: KubeObject) => `${o.kind}/${o.metadata.namespace ?? ''}/${o.metadata.name}`;
  const replaced = new Set(files.map(key));
  return [...stored.filter((o) => !replaced.has(key(o))), ...files];
}
