// IST0130 and IST0131: rules and matches of a VirtualService that no request can reach.
import type { KubeObject } from '../objects.ts';
import { fields, items } from '../read.ts';
import { sentence, unreached } from '../validation/unreachable-rules.ts';
import { type Finding, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function unusedRules({ virtualServices }: Scene): Finding[] {
  return virtualServices.flatMap((object) => ['http', 'tcp', 'tls'].flatMap((protocol) => unusedOf(object, protocol)));
}

function unusedOf(object: KubeObject, protocol: string): Finding[] {
  const rules = items(fields(object.spec)[protocol]).map(fields);
  return unreached(rules).map((found) => {
    const path = `spec.${protocol}[${found.index}]`;
    const text = `VirtualService rule ${sentence(found)}.`;
    if ('reason' in found) return { code: 'IST0130', level: 'Warning', object: sourceOf(object, path), text };
    return { code: 'IST0131', level: 'Info', object: sourceOf(object, `${path}.match[${found.matchIndex}]`), text };
  });
}
