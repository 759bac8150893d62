// Weights that do not add up to 100, which Istio accepts and people do not mean; and ports that no bound gateway opens.
import { namespaceOf } from '../../mesh/config-objects.ts';
import { fields, items, texts } from '../../mesh/read.ts';
import { namesFor } from '../known-names.ts';
import type { PathPart } from '../paths.ts';
import { decimal, t } from '../say.ts';
import type { Workspace } from '../workspace.ts';
import type { WrittenObject } from '../written-file.ts';
import type { Fix, Problem } from './problem.ts';
import type { WrittenDocument } from './written-document.ts';

export function weightProblems(written: WrittenDocument, { kind, value, at }: WrittenObject): Problem[] {
  if (kind !== 'VirtualService') return [];
  return ['http', 'tcp', 'tls'].flatMap((protocol) =>
    items(fields(value.spec)[protocol]).flatMap((rule, index) => {
      const route = items(fields(rule).route).map(fields);
      const weights = route.map(({ weight }) => (typeof weight === 'number' ? weight : 0));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const odd = route.some(({ weight }) => weight !== undefined && !(typeof weight === 'number' && weight >= 0));
      if (route.length < 2 || odd || total === 0 || total === 100) return [];
      const path: PathPart[] = ['spec', protocol, index, 'route'];
      const shares = weights.map((weight) => t('{0} %', decimal(Math.round((weight / total) * 1000) / 10)));
      return [
        {
          range: written.rangeOf(at, path),
          severity: 'warning' as const,
          code: 'MALLA-YML-13',
          message: t('Los pesos suman {0}, no 100. Istio los acepta y reparte {1}.', total, shares.join(', ')),
          fixes: hundredFix(written, at, path, weights, total),
        },
      ];
    }),
  );
}

function hundredFix(
  written: WrittenDocument,
  at: readonly PathPart[],
  path: readonly PathPart[],
  weights: readonly number[],
  total: number,
): Fix[] {
  const wanted = toHundred(weights, total);
  const edits = weights.flatMap((weight, index) => {
    const { value, exact } = written.find(at, [...path, index, 'weight']);
    return exact && value && wanted[index] !== weight ? [written.edit(value, String(wanted[index]))] : [];
  });
  // A destination without its weight written cannot be mended by changing numbers.
  const all = weights.every((_, index) => written.find(at, [...path, index, 'weight']).exact);
  return all ? [{ title: t('Poner los pesos {0}', wanted.join(t(' y '))), edits, preferred: true }] : [];
}

/** In the same proportion, whole, and adding up to 100: the rest goes to the largest remainders. */
export function toHundred(weights: readonly number[], total: number): number[] {
  const exact = weights.map((weight) => (weight * 100) / total);
  const whole = exact.map(Math.floor);
  let rest = 100 - whole.reduce((sum, share) => sum + share, 0);
  const order = exact
    .map((share, index) => ({ index, over: share - Math.floor(share) }))
    .sort((a, b) => b.over - a.over);
  for (const { index } of order) {
    if (rest <= 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    rest -= 1;
  }
  return whole;
}

/** Whether `match[].port` of some rule names a port of a gateway. */
export function asksForPort(object: WrittenObject): boolean {
  return askedPorts(object).length > 0;
}

interface AskedPort {
  port: number;
  path: PathPart[];
}

function askedPorts({ kind, value }: WrittenObject): AskedPort[] {
  const spec = fields(value.spec);
  const gateways = texts(spec.gateways);
  if (kind !== 'VirtualService' || gateways.length === 0 || gateways.includes('mesh')) return [];
  return items(spec.http).flatMap((rule, index) =>
    items(fields(rule).match).flatMap((match, m): AskedPort[] => {
      const { port } = fields(match);
      return typeof port === 'number' ? [{ port, path: ['spec', 'http', index, 'match', m, 'port'] }] : [];
    }),
  );
}

export function gatewayPortProblems(workspace: Workspace, written: WrittenDocument, route: WrittenObject): Problem[] {
  const { value, at, object } = route;
  const asked = askedPorts(route);
  if (asked.length === 0 || !object) return [];
  const known = namesFor(workspace, written.uri);
  const open = new Set(
    texts(fields(value.spec).gateways).flatMap((gateway) =>
      known.gatewayPorts(gateway, namespaceOf(object)).map(({ number }) => number),
    ),
  );
  if (open.size === 0) return [];
  return asked
    .filter(({ port }) => !open.has(port))
    .map(({ port, path }) => ({
      range: written.rangeOf(at, path),
      severity: 'warning' as const,
      code: 'MALLA-YML-17',
      message: t('Ningún Gateway de esta ruta abre el puerto {0}: abren {1}.', port, [...open].join(', ')),
      fixes: [...open].slice(0, 5).map((number): Fix => {
        const { value: span } = written.find(at, path);
        return { title: t('Cambiar por {0}', number), edits: span ? [written.edit(span, String(number))] : [] };
      }),
    }));
}
