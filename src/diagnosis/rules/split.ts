// Why a service's traffic is not split as asked: from the VirtualService that should rule to its weights.
import { fullHost } from '../../mesh/host-names.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { decideHop, type Hop, ruleAtWork } from '../hop.ts';
import { findService, nameOfService } from '../hosts.ts';
import type { Scene, Service, VirtualService } from '../scene.ts';
import type { HttpRule } from '../specs.ts';
import { byAge } from '../subsets.ts';
import { isTypo } from '../typo.ts';
import { brokenRoute } from './destination.ts';
import { bindings } from './entry.ts';
import { distanceTo, isMeant, unreached } from './matches.ts';
import { namesService } from './meant-rules.ts';
import { closeShares, type RuleSplit, splitOfRule } from './rule-split.ts';
import type { SplitQuestion } from './split-question.ts';
import { wrongWeights } from './weights.ts';

/** For a hop inside the mesh: the caller's sidecar decides. */
export function wrongMeshSplit(scene: Scene, question: SplitQuestion): Diagnosis | undefined {
  const { service } = question.target;
  const named = scene.virtualServices.filter((vs) => namesService(vs, service));
  const inForce = named.filter((vs) => bindings(vs).includes('mesh')).toSorted(byAge);
  const [ruler, ...ignored] = inForce;
  if (!ruler) {
    if (question.natural) return undefined;
    return onlyAtGateway(named) ?? misdirected(scene, service) ?? noRules(service);
  }
  return overshadowed(scene, question, ruler, ignored) ?? wrongRules(scene, question, ruler);
}

/** The rules of the VirtualService that decides, whoever obeys it. */
export function wrongRules(scene: Scene, question: SplitQuestion, ruler: VirtualService): Diagnosis | undefined {
  const rules = ruler.spec?.http ?? [];
  const splits = rules.map((rule, index) => splitOfRule(scene, question, ruler, rule, index));
  const broken = brokenRoutes(scene, question, ruler, rules);
  const atWork = question.hop && ruleAtWork(scene, decideHop(scene, question.hop));
  const drawn = atWork?.vs === ruler ? splits[atWork.index] : undefined;
  const effective = drawn ?? splits.find((s) => isCatchAll(rules[s.index])) ?? splits.at(-1);
  if (!effective) return noRules(question.target.service);
  const gives = (s: RuleSplit): boolean => closeShares(s.shares, question.expected);
  const others = drawn && !gives(drawn) ? splits.filter((s) => s !== drawn && gives(s)) : [];
  const missed = question.hop && missedRule(scene, question.hop, ruler, others);
  if (missed) return missed;
  const hidden = splits.slice(effective.index + 1).find((s) => closeShares(s.shares, question.expected));
  if (hidden && isCatchAll(rules[effective.index]) && !gives(effective))
    return diagnose(
      'MALLA-RUT-09',
      `En ${nameOf(ruler)}, la regla ${effective.index + 1} no tiene match y recoge todo: la ${hidden.index + 1} no se usa nunca`,
      {
        at: ruler,
        path: `spec.http[${effective.index}]`,
      },
    );
  if (broken) return broken;
  if (closeShares(effective.shares, question.expected)) return undefined;
  if (question.natural)
    return diagnose(
      'MALLA-RUT-12',
      `${nameOf(ruler)} sigue repartiendo el tráfico de ${question.target.service.metadata.name}`,
      {
        at: ruler,
        path: `spec.http[${effective.index}].route`,
      },
    );
  return misplaced(scene, question.target.service, ruler) ?? wrongWeights(question, ruler, effective);
}

/** Another VirtualService with the service's short name, in a namespace where that name is nobody's. */
function misplaced(scene: Scene, service: Service, ruler: VirtualService): Diagnosis | undefined {
  const { name, namespace } = service.metadata;
  const found = scene.virtualServices.find(
    (vs) =>
      vs !== ruler &&
      vs.metadata.namespace !== namespace &&
      (vs.spec?.hosts ?? []).includes(name) &&
      !findService(scene, name, vs.metadata.namespace ?? 'default'),
  );
  return found && misdirected({ ...scene, virtualServices: [found] }, service);
}

/** Of the rules that would give what is asked, the one that the call comes nearest to. */
function missedRule(scene: Scene, hop: Hop, vs: VirtualService, splits: readonly RuleSplit[]): Diagnosis | undefined {
  const [nearest] = splits
    .flatMap(({ index }) => {
      const rule = vs.spec?.http?.[index];
      return rule ? [{ vs, rule, index }] : [];
    })
    .toSorted((a, b) => distanceTo(hop, a) - distanceTo(hop, b));
  return nearest && isMeant(hop, nearest) ? unreached(scene, hop, nearest) : undefined;
}

function isCatchAll(rule: HttpRule | undefined): boolean {
  const matches = rule?.match ?? [];
  return (
    matches.length === 0 ||
    matches.some((m) => Object.keys(m).length === 0 || (Object.keys(m).length === 1 && isEverything(m.uri)))
  );
}

/** `prefix: /` is the long way to write no match at all. */
function isEverything(uri: Record<string, string> | undefined): boolean {
  return uri?.prefix === '/';
}

function brokenRoutes(
  scene: Scene,
  { callerNamespace }: SplitQuestion,
  vs: VirtualService,
  rules: readonly HttpRule[],
): Diagnosis | undefined {
  for (const [index, rule] of rules.entries()) {
    const found = brokenRoute(scene, { vs, rule, index }, callerNamespace);
    if (found) return found;
  }
  return undefined;
}

function overshadowed(
  scene: Scene,
  question: SplitQuestion,
  ruler: VirtualService,
  ignored: readonly VirtualService[],
): Diagnosis | undefined {
  const gives = (vs: VirtualService): RuleSplit | undefined =>
    (vs.spec?.http ?? [])
      .map((rule, index) => splitOfRule(scene, question, vs, rule, index))
      .find((s) => closeShares(s.shares, question.expected));
  const meant = gives(ruler) ? undefined : ignored.find(gives);
  if (!meant) return undefined;
  return diagnose(
    'MALLA-RUT-07',
    `${nameOf(ruler)} y ${nameOf(meant)} son para el mismo host, y manda ${ruler.metadata.name}, que es más antiguo`,
    { at: meant, path: 'spec.hosts' },
  );
}

function onlyAtGateway(named: readonly VirtualService[]): Diagnosis | undefined {
  const [vs] = named.filter((v) => !(v.spec?.hosts ?? []).includes('*'));
  if (!vs) return undefined;
  return diagnose(
    'MALLA-RUT-06',
    `${nameOf(vs)} solo vale para ${bindings(vs).join(', ')}: las llamadas dentro de la malla no lo siguen`,
    { at: vs, path: 'spec.gateways' },
  );
}

/** A VirtualService that was meant for this service: same short name elsewhere, a slip in the host, or its destinations. */
function misdirected(scene: Scene, service: Service): Diagnosis | undefined {
  const { name, namespace = 'default' } = service.metadata;
  for (const vs of scene.virtualServices) {
    const own = vs.metadata.namespace ?? 'default';
    const hosts = vs.spec?.hosts ?? [];
    const index = hosts.findIndex((h) => h.split('.')[0] === name || isTypo(h.split('.')[0] ?? '', name));
    const routesThere = (vs.spec?.http ?? []).some((r) =>
      (r.route ?? []).some((d) => fullHost(d.destination?.host ?? '', own) === nameOfService(service)),
    );
    const inMesh = bindings(vs).includes('mesh');
    if (index < 0 && !(routesThere && inMesh)) continue;
    const host = hosts[Math.max(index, 0)] ?? '';
    return diagnose(
      'MALLA-RUT-08',
      `${nameOf(vs)} es para «${fullHost(host, own)}», y el servicio es ${name} de ${namespace}`,
      { at: vs, path: host === name ? 'metadata.namespace' : `spec.hosts[${Math.max(index, 0)}]` },
    );
  }
  return undefined;
}

function noRules(service: Service): Diagnosis {
  return diagnose('MALLA-RUT-05', `Ningún VirtualService reparte el tráfico de ${service.metadata.name}`, {
    at: service,
  });
}
