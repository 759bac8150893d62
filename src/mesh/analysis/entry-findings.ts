// ServiceEntries: TCP without addresses (IST0134), and one host and port with several protocols (IST0177).
import { namespaceOf } from '../config-objects.ts';
import type { KubeObject } from '../objects.ts';
import { fields, items, text, texts } from '../read.ts';
import { type Finding, fullName, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function entriesWithoutAddresses({ serviceEntries }: Scene): Finding[] {
  return serviceEntries.flatMap((entry) => {
    const { addresses, ports } = fields(entry.spec);
    if (items(addresses).length > 0 || items(fields(entry.status).addresses).length > 0) return [];
    return items(ports).flatMap((item, index) => {
      const protocol = text(fields(item).protocol) ?? '';
      if (protocol !== '' && protocol.toUpperCase() !== 'TCP') return [];
      const said = 'ServiceEntry addresses are required for this protocol.';
      const object = sourceOf(entry, `spec.ports[${index}].name`);
      return [{ code: 'IST0134', level: 'Warning' as const, object, text: said }];
    });
  });
}

interface Use {
  entry: KubeObject;
  scopes: string[];
  host: string;
  port: number;
  protocol: string;
}

export function conflictingProtocols({ serviceEntries }: Scene): Finding[] {
  const uses = serviceEntries.flatMap(usesOf);
  const reported = new Map<KubeObject, Finding>();
  for (const [, same] of Map.groupBy(uses, ({ host, port }) => `${host} ${port}`)) {
    for (const scope of new Set(same.flatMap((use) => use.scopes))) {
      const rivals = same.filter((use) => use.scopes.includes(scope) || use.scopes.includes('*'));
      const protocols = [...new Set(rivals.map((use) => use.protocol.toUpperCase()))].sort();
      const [first] = rivals;
      if (!first || protocols.length < 2) continue;
      const names = [...new Set(rivals.map((use) => fullName(use.entry)))].sort().join(', ');
      const said = `Multiple ServiceEntries (${names}) define the same host "${first.host}" and port ${first.port} with conflicting protocols (${protocols.join(', ')}).`;
      for (const { entry } of rivals) {
        if (reported.has(entry)) continue;
        reported.set(entry, {
          code: 'IST0177',
          level: 'Warning',
          object: sourceOf(entry, 'metadata.name'),
          text: said,
        });
      }
    }
  }
  return [...reported.values()];
}

function usesOf(entry: KubeObject): Use[] {
  const { hosts, ports, exportTo } = fields(entry.spec);
  const exported = texts(exportTo);
  const everywhere = exported.length === 0 || exported.includes('*');
  const scopes = everywhere ? ['*'] : exported.map((scope) => (scope === '.' ? namespaceOf(entry) : scope));
  return texts(hosts).flatMap((host) =>
    items(ports)
      .map(fields)
      .map(({ number, protocol }) => ({ entry, scopes, host, port: Number(number), protocol: text(protocol) ?? '' })),
  );
}
