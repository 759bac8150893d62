// Why a request is not served by the rule that was meant for it, or is by one that was not: order, conditions, headers.
import type { Condition } from '../../mesh/condition.ts';
import { compileMatch, type HttpMatch } from '../../mesh/match.ts';
import { compileRegex } from '../../mesh/regex.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { callerName, decideHop, type Hop, ruleAtWork } from '../hop.ts';
import { type EntryRequest, hostOf } from '../prediction.ts';
import type { Scene, Service, VirtualService } from '../scene.ts';
import { closest, isTypo } from '../typo.ts';
import { bindings, idOf } from './entry.ts';
import { namesService, type WrittenRule } from './meant-rules.ts';

/** A call to whichever service. */
type Call = Omit<Hop, 'service'> & { service?: Service };

/** Why the call does not reach the rule; undefined when it does. */
export function unreached(scene: Scene, hop: Hop, meant: WrittenRule): Diagnosis | undefined {
  const { vs, index } = meant;
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  if (ruler?.vs === vs && ruler.index === index) return undefined;
  if (ruler?.vs !== vs) {
    const elsewhere = notInForce(scene, hop, vs, ruler?.vs);
    if (elsewhere) return elsewhere;
  }
  const entries = matchesOf(hop, meant);
  const failing = entries.map((entry) => ({ entry, failed: failedConditions(hop, entry) }));
  const own = (vs.spec?.http ?? [])[index]?.match ?? [];
  if (own.length === 0 || failing.some(({ failed }) => failed.length === 0)) return takenBefore(hop, meant, ruler);
  const nearest = failing.toSorted((a, b) => a.failed.length - b.failed.length)[0];
  const condition = nearest?.failed[0];
  if (!nearest || !condition) return undefined;
  return wrongCondition(hop, vs, `spec.http[${index}].match[${nearest.entry.index}]`, condition);
}

/** Whether the rule was written for such a call: it would take it, or but for a slip or the way of comparing. */
export function isMeant(hop: Hop, written: WrittenRule): boolean {
  if (distanceTo(hop, written) === 0) return true;
  const request = requestOf(hop);
  const sent = [...Object.keys(hop.headers), ...Object.keys(hop.request.headers).map((name) => name.toLowerCase())];
  return matchesOf(hop, written).some((entry) =>
    failedConditions(hop, entry).every((condition) => {
      const actual = condition.actual(request, '/');
      const header = condition.path.replace(/^headers\./, '').toLowerCase();
      if (actual === undefined) return sent.some((name) => name === header || isTypo(header, name));
      const [value, seen] = [condition.value.toLowerCase(), actual.toLowerCase()];
      return (
        isTypo(value, seen) || seen.includes(value) || compileRegex(`(?s).*(?:${value}).*`)?.matches(seen) === true
      );
    }),
  );
}

/** Of a request that no rule at the entry takes: the one that only lacks a header, or its gateway. */
export function missedAtEntry(
  scene: Scene,
  request: EntryRequest,
  written: readonly VirtualService[],
): Diagnosis | undefined {
  const call: Call = { port: 0, headers: lowerCase(request.headers), request };
  const known = new Set(scene.gateways.map(idOf));
  for (const vs of written) {
    const bound = bindings(vs).some((b) => known.has(b));
    for (const [index, rule] of (vs.spec?.http ?? []).entries()) {
      for (const entry of matchesOf(call, { vs, rule, index })) {
        const failed = failedConditions(call, entry);
        if (!bound && failed.length === 0) return unknownGateway(vs);
        if (!bound) continue;
        const [first] = failed;
        if (first && failed.every(({ path }) => path.startsWith('headers.')))
          return wrongCondition(call, vs, `spec.http[${index}].match[${entry.index}]`, first);
      }
    }
  }
  return undefined;
}

function unknownGateway(vs: VirtualService): Diagnosis {
  const written = vs.spec?.gateways?.[0] ?? '';
  return diagnose('MALLA-RUT-02', `${nameOf(vs)} nombra el Gateway «${written}», que no existe`, {
    at: vs,
    path: 'spec.gateways[0]',
  });
}

/** How many conditions the call fails in the entry that it comes nearest to; 0 when the rule would take it. */
export function distanceTo(hop: Hop, written: WrittenRule): number {
  if ((written.rule.match ?? []).length === 0) return 0;
  return Math.min(...matchesOf(hop, written).map((entry) => failedConditions(hop, entry).length));
}

/** The VirtualService does not rule this call at all. */
function notInForce(
  scene: Scene,
  hop: Hop,
  vs: VirtualService,
  ruler: VirtualService | undefined,
): Diagnosis | undefined {
  if (!namesService(vs, hop.service)) return undefined;
  const known = new Set(scene.gateways.map(idOf));
  if (!hop.caller && !bindings(vs).some((b) => known.has(b))) return unknownGateway(vs);
  const inMesh = bindings(vs).includes('mesh');
  if (hop.caller && !inMesh)
    return diagnose(
      'MALLA-RUT-06',
      `${nameOf(vs)} solo vale para ${bindings(vs).join(', ')}: las llamadas dentro de la malla no lo siguen`,
      { at: vs, path: 'spec.gateways' },
    );
  if (!ruler) return undefined;
  return diagnose(
    'MALLA-RUT-07',
    `${nameOf(ruler)} y ${nameOf(vs)} son para el mismo host, y manda ${ruler.metadata.name}, que es más antiguo`,
    { at: vs, path: 'spec.hosts' },
  );
}

function takenBefore(hop: Hop, { vs, index }: WrittenRule, ruler: WrittenRule | undefined): Diagnosis | undefined {
  if (!ruler || ruler.vs !== vs) return undefined;
  const path = `spec.http[${ruler.index}]`;
  if ((ruler.rule.match ?? []).length === 0)
    return diagnose(
      'MALLA-RUT-09',
      `En ${nameOf(vs)}, la regla ${ruler.index + 1} no tiene match y recoge todo: la ${index + 1} no se usa nunca`,
      { at: vs, path },
    );
  if (takesOnlyByOr(hop, ruler)) return alternatives(ruler);
  return diagnose(
    'MALLA-RUT-21',
    `En ${nameOf(vs)}, la petición casa antes con la regla ${ruler.index + 1}, y no llega a la ${index + 1}`,
    { at: vs, path: `${path}.match` },
  );
}

function wrongCondition(hop: Call, vs: VirtualService, match: string, condition: Condition): Diagnosis {
  const { path, operator, value } = condition;
  const at = { at: vs, path: `${match}.${path}` };
  const actual = condition.actual(requestOf(hop), '/');
  const [field = '', ...rest] = path.split('.');
  const header = rest.join('.').toLowerCase();
  if (field === 'headers' && actual === undefined) return absentHeader(hop, header, at);
  if (condition.negated || actual === undefined)
    return diagnose('MALLA-RUT-23', `La regla pide otra cosa en ${path}, y la petición no la cumple`, at);
  const seen = `«${actual.slice(0, 60)}»`;
  if (operator === 'regex' && compileRegex(`(?s).*(?:${value}).*`)?.matches(actual))
    return diagnose('MALLA-RUT-22', `La expresión «${value}» casa solo con una parte de ${seen}, no con todo`, at);
  if (operator === 'exact' && /[.*+?^$[\]|\\]/.test(value) && compileRegex(value)?.matches(actual))
    return diagnose('MALLA-RUT-22', `exact compara letra a letra: «${value}» no es una expresión para ${seen}`, at);
  if (operator !== 'regex' && actual.includes(value))
    return diagnose(
      'MALLA-RUT-22',
      `${operator} pide ${operator === 'exact' ? 'justo' : 'que empiece por'} «${value}», y la petición lleva ${seen}`,
      at,
    );
  return diagnose('MALLA-RUT-23', `La regla espera «${value}» en ${header || path}, y la petición lleva ${seen}`, at);
}

function absentHeader(hop: Call, header: string, at: { at: VirtualService; path: string }): Diagnosis {
  const { caller, headers, request, service } = hop;
  const own = Object.keys(request.headers).map((name) => name.toLowerCase());
  if (caller && service && own.includes(header))
    return diagnose(
      'MALLA-RUT-24',
      `La petición lleva ${header} hasta ${callerName({ caller })}, que no la pone en sus llamadas a ${service.metadata.name}`,
      at,
    );
  const meant = closest(header, Object.keys(headers), (name) => name);
  return diagnose(
    'MALLA-RUT-23',
    `La regla mira la cabecera «${header}», y la petición ${meant ? `lleva «${meant}»` : 'no la lleva'}`,
    at,
  );
}

/** Why a request that the rule was not meant for is served by it; undefined when it is not. */
export function overreach(scene: Scene, outside: Hop, meant: WrittenRule): Diagnosis | undefined {
  const ruler = ruleAtWork(scene, decideHop(scene, outside));
  if (ruler?.vs !== meant.vs || ruler.index !== meant.index) return undefined;
  const { vs, index } = meant;
  const path = `spec.http[${index}]`;
  const written = meant.rule.match ?? [];
  if (written.length === 0)
    return diagnose(
      'MALLA-RUT-25',
      `En ${nameOf(vs)}, la regla ${index + 1} no tiene match: vale para todas las peticiones`,
      {
        at: vs,
        path,
      },
    );
  if (takesOnlyByOr(outside, meant)) return alternatives(meant);
  return diagnose(
    'MALLA-RUT-25',
    `Las condiciones de la regla ${index + 1} de ${nameOf(vs)} valen también para otras peticiones`,
    {
      at: vs,
      path: `${path}.match`,
    },
  );
}

/** Several entries, of which the call meets some: had they been one, it would not be taken. */
function takesOnlyByOr(call: Call, written: WrittenRule): boolean {
  const entries = matchesOf(call, written);
  const met = entries.filter((entry) => failedConditions(call, entry).length === 0);
  const unmet = entries.filter((entry) => !met.includes(entry));
  return unmet.some((entry) => met.every((other) => couldBeOne(entry, other)));
}

/** Conditions on the same thing, as on two paths, were never meant to be kept at once. */
function couldBeOne(a: HttpMatch, b: HttpMatch): boolean {
  return a.conditions.every(({ path }) => b.conditions.every((other) => other.path !== path));
}

function alternatives({ vs, rule, index }: WrittenRule): Diagnosis {
  return diagnose(
    'MALLA-RUT-26',
    `En ${nameOf(vs)}, la regla ${index + 1} tiene ${rule.match?.length} entradas en match, y basta con que se cumpla una`,
    { at: vs, path: `spec.http[${index}].match` },
  );
}

function matchesOf(hop: Call, { vs, rule }: WrittenRule): HttpMatch[] {
  const namespace = vs.metadata.namespace ?? 'default';
  const scope = {
    gateway: hop.caller ? 'mesh' : (bindings(vs).find((b) => b !== 'mesh') ?? 'mesh'),
    port: hop.port,
    namespace: hop.caller?.metadata.namespace ?? namespace,
    labels: hop.caller?.metadata.labels ?? {},
  };
  return (rule.match ?? []).flatMap((entry, i) => compileMatch(entry, i, scope, namespace) ?? []);
}

/** The path of a call that an application makes is its own business: conditions on it are not judged. */
function failedConditions(hop: Call, { conditions }: HttpMatch): Condition[] {
  const request = requestOf(hop);
  return conditions.filter(
    (c) => !(hop.caller && hop.path === undefined && c.path === 'uri') && !c.test(request, hop.request.url.pathname),
  );
}

function requestOf({ headers, port, request }: Call) {
  const path = `${request.url.pathname}${request.url.search}`;
  return { authority: hostOf(request), port, method: request.method, path, headers };
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
