import { nameOf } from '../../diagnosis/diagnose.ts';
import type { ObjectPattern } from '../../labs/check-kinds/objeto.ts';
import type { CheckKind } from '../check-kind.ts';
import { compare } from '../compare.ts';
import { evidenceOf } from '../evidence.ts';
import { brokenRule } from '../object-rules.ts';

export const objeto: CheckKind<'objeto'> = {
  looksAt: 'resources',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster }) {
    const { apiVersion, kind, name, namespace } = pattern;
    const found = await cluster.client.get({
      apiVersion,
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    });
    const differences = found && pattern.matches !== undefined ? compare(pattern.matches, found) : [];
    const broken = found ? await brokenRule(found, pattern.rules ?? []) : undefined;
    const asAsked = found !== undefined && differences.length === 0 && broken === undefined;
    const right = pattern.exists ? asAsked : found === undefined;
    const paths = differences.map((d) => d.path).join(', ');
    return {
      expected: expectation(pattern),
      observed: !found
        ? `no existe ${title(pattern)}`
        : `existe ${nameOf(found)}${paths ? `, con otro valor en ${paths}` : broken ? `, pero ${broken}` : ''}`,
      evidence: evidenceOf(found ? [found] : []),
      ...(right
        ? {}
        : { symptom: { type: 'objeto', pattern, found, differences, ...(broken === undefined ? {} : { broken }) } }),
    };
  },
  watches({ pattern: { apiVersion, kind, namespace } }) {
    return [{ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) }];
  },
};

function expectation(pattern: ObjectPattern): string {
  if (!pattern.exists) return `no existe ${title(pattern)}`;
  return `existe ${title(pattern)}${pattern.matches === undefined && !pattern.rules ? '' : ' con los valores que pide el paso'}`;
}

function title({ kind, namespace, name }: ObjectPattern): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
