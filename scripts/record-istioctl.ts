// `KUBECONFIG=F node scripts/record-istioctl.ts`: what a real istioctl says of the objects and files of test/fixtures/istioctl, into
// the recordings beside them. istioctl takes Services, Pods and the like from the cluster only, so each file's are put there, in
// namespaces of their own, without a node to run on; what is Istio's stays in the file.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../src/mesh/objects.ts';
import { analyzeCases, analyzeMessages, saidOf, validateCases } from '../test/fixtures/istioctl/cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'malla-istioctl-'));
const file = join(folder, 'all.yaml');
const own = ['analisis', 'otra'];
try {
  // JSON, because Go's YAML takes a bare `y` for true.
  writeFileSync(file, validateCases.map((object) => JSON.stringify(object)).join('\n---\n'));
  const { stdout, stderr } = run('istioctl', ['validate', '-f', file]);
  save('validate-real.json', saidOf(`${stdout}\n${stderr}`));
  save('analyze-real.json', Object.fromEntries(analyzeCases.map(({ title, text }) => [title, analyzed(text)])));
} finally {
  run('kubectl', ['delete', 'namespace', ...own, '--ignore-not-found', '--wait=false']);
  rmSync(folder, { recursive: true });
}

function analyzed(text: string) {
  const objects = parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
  const core = objects.filter((o) => /^(apps\/)?v1$/.test(o.apiVersion)).filter((o) => own.includes(placeOf(o)));
  const namespaces = core.filter((o) => o.kind === 'Namespace');
  // Pods come while their namespace says nothing, so that nobody injects them.
  apply(namespaces.map(({ metadata, ...rest }) => ({ ...rest, metadata: { name: metadata.name } })));
  const guests = core.filter((o) => o.kind !== 'Namespace').map(unscheduled);
  apply(guests);
  apply(namespaces);
  writeFileSync(file, text);
  const { stdout } = run('istioctl', ['analyze', '-A', '-o', 'json', file]);
  const names = new Set(
    objects.map((o) => `${o.kind} ${o.metadata.namespace ? `${o.metadata.namespace}/` : ''}${o.metadata.name}`),
  );
  run('kubectl', ['delete', '--ignore-not-found', '--grace-period=0', '--force', '-f', '-'], list(guests));
  // What is of the cluster and not of the file: its own objects, and which image it injects.
  return analyzeMessages(stdout).filter(
    ({ code, origin, message }) => names.has(origin) && code !== 'IST0158' && !message.includes(' default/'),
  );
}

function placeOf({ kind, metadata }: KubeObject): string {
  return kind === 'Namespace' ? metadata.name : (metadata.namespace ?? '');
}

function unscheduled(object: KubeObject): KubeObject {
  return object.kind === 'Pod' ? { ...object, spec: { ...(object.spec as object), schedulerName: 'nobody' } } : object;
}

function apply(objects: KubeObject[]): void {
  if (objects.length === 0) return;
  const { status, stderr } = run('kubectl', ['apply', '-f', '-'], list(objects));
  if (status !== 0) throw new Error(stderr);
}

function list(items: KubeObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

function run(program: string, args: string[], input = '') {
  return spawnSync(program, args, { encoding: 'utf8', input });
}

function save(name: string, said: object): void {
  writeFileSync(join(import.meta.dirname, '../test/fixtures/istioctl', name), `${JSON.stringify(said, null, 1)}\n`);
  console.log(`${name}: ${Object.keys(said).length}`);
}
