// Which statistics a proxy keeps: Istio's short list, plus what proxyStatsMatcher of the mesh or of the pod adds.
import { RE2JS } from 're2js';
import { parse } from 'yaml';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, texts } from '../../../mesh/read.ts';
import type { PushedMesh } from '../../mesh-facts.ts';

const PREFIXES = [
  'reporter=',
  'cluster_manager',
  'listener_manager',
  'server',
  'cluster.xds-grpc',
  'wasm',
  'component',
  'istio',
];
const SUFFIXES = ['rbac.allowed', 'rbac.denied', 'shadow_allowed', 'shadow_denied'];

export function statsMatcher(pod: KubeObject, mesh: PushedMesh): (name: string) => boolean {
  const configs = [fields(mesh.meshConfig.defaultConfig), annotation(pod)].map((c) => fields(c.proxyStatsMatcher));
  const added = (key: string) => configs.flatMap((c) => texts(c[key]));
  const prefixes = [...PREFIXES, ...added('inclusionPrefixes')];
  const suffixes = [...SUFFIXES, ...added('inclusionSuffixes')];
  const patterns = added('inclusionRegexps').flatMap(compile);
  return (name) =>
    prefixes.some((p) => name.startsWith(p)) ||
    suffixes.some((s) => name.endsWith(s)) ||
    patterns.some((p) => p.matches(name));
}

function annotation(pod: KubeObject): Readonly<Record<string, unknown>> {
  const written = pod.metadata.annotations?.['proxy.istio.io/config'];
  if (!written) return {};
  try {
    return fields(parse(written));
  } catch {
    return {};
  }
}

function compile(pattern: string): RE2JS[] {
  try {
    return [RE2JS.compile(pattern)];
  } catch {
    return [];
  }
}
