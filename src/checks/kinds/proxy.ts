import { RE2JS } from 're2js';
import { hasProxy, newestReady } from '../../diagnosis/pods.ts';
import type { Pod } from '../../diagnosis/scene.ts';
import type { Difference, ProxySeen } from '../../diagnosis/symptom.ts';
import type { ProxyPattern } from '../../labs/check-kinds/proxy.ts';
import type { CheckKind } from '../check-kind.ts';
import { compare } from '../compare.ts';
import { evidenceOf } from '../evidence.ts';
import { type ProxyResource, readProxyConfig } from '../proxy-config.ts';
import { routingKinds } from '../routing-kinds.ts';
import { securityKinds } from '../security-kinds.ts';

export const proxy: CheckKind<'proxy'> = {
  looksAt: 'probe',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster: { client }, signal }) {
    const expected = expectation(pattern);
    const { namespace, selector, section } = pattern;
    const pods = (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector })) as Pod[];
    const pod = newestReady(pods);
    if (!pod || !hasProxy(pod)) {
      const observed = pod ? `${pod.metadata.name} no lleva istio-proxy` : 'no hay ningún pod listo';
      return { expected, observed, evidence: {}, symptom: { type: 'proxy', pattern, ...(pod && { pod }) } };
    }
    const all = await readProxyConfig(client, { namespace, pod: pod.metadata.name }, section, signal);
    const seen = lookFor(pattern, all);
    const right = pattern.exists === seen.matching > 0;
    return {
      expected,
      observed: summary(pattern, seen),
      evidence: evidenceOf([pod]),
      ...(right ? {} : { symptom: { type: 'proxy', pattern, pod, seen } }),
    };
  },
  watches: () => [...routingKinds, ...securityKinds],
};

function lookFor({ name, matches, section }: ProxyPattern, all: readonly ProxyResource[]): ProxySeen {
  const pattern = name === undefined || section === 'bootstrap' ? undefined : RE2JS.compile(name);
  const named = all.filter((r) => pattern === undefined || pattern.matcher(r.name).find());
  const differences = named.map((r) => (matches === undefined ? [] : compare(matches, r.content)));
  const nearest = differences.filter((d) => d.length > 0).toSorted((a, b) => a.length - b.length)[0];
  return {
    total: all.length,
    named: named.length,
    matching: differences.filter((d) => d.length === 0).length,
    ...(nearest?.[0] && { difference: nearest[0] }),
  };
}

function expectation({ selector, namespace, section, name, matches, exists }: ProxyPattern): string {
  const which = name === undefined ? 'algún elemento' : `«${name}»`;
  const so = matches === undefined ? '' : ' como se pide';
  const whose = `el proxy de ${selector} en ${namespace}`;
  return exists ? `${whose} tiene en ${section} ${which}${so}` : `${whose} no tiene en ${section} ${which}${so}`;
}

function summary({ section, exists }: ProxyPattern, { total, named, matching, difference }: ProxySeen): string {
  if (!exists) return `hay ${matching} así en ${section}`;
  if (matching > 0) return `hay ${matching} así, de ${total} en ${section}`;
  if (named === 0) return `ninguno de los ${total} elementos de ${section} se llama así`;
  return difference ? `${named} se llaman así, y ninguno es como se pide (${told(difference)})` : `no hay ninguno así`;
}

function told({ path, found, expected }: Difference): string {
  const show = (value: unknown): string => (value === undefined ? 'nada' : JSON.stringify(value)).slice(0, 80);
  return `${path || 'el elemento'} es ${show(found)}, y se espera ${show(expected)}`;
}
