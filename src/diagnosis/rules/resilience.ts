// Limits, ejection and falls: why a policy of a DestinationRule does not show in the traffic.
import { fullHost } from '../../mesh/host-names.ts';
import { fields, integer, items, text } from '../../mesh/read.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { findService, nameOfService } from '../hosts.ts';
import { isReady } from '../pods.ts';
import { decideAtEntry, type EntryRequest } from '../prediction.ts';
import { type DestinationRule, rootNamespace, type Scene, type Service } from '../scene.ts';
import { podsBehind, rulesFor } from '../subsets.ts';
import type { MeasuredSplit } from '../symptom.ts';
import { deploymentsOf } from './destination.ts';

/** A block of a traffic policy and where it stands. */
interface Block {
  rule: DestinationRule;
  path: string;
  /** Undefined: of the whole service. */
  subset?: string;
  value: Readonly<Record<string, unknown>>;
}

/** Some answers are errors of the application, where none should be: nobody puts the sick endpoint aside. */
export function ejectionCause(scene: Scene, request: EntryRequest, measured: MeasuredSplit): Diagnosis | undefined {
  const status = errorIn(measured);
  const outcome = decideAtEntry(scene, request)?.outcome;
  const service =
    outcome?.kind === 'forward' ? findService(scene, outcome.service.name, outcome.service.namespace) : undefined;
  if (status === undefined || !service) return undefined;
  const name = service.metadata.name;
  const blocks = blocksOf(scene, 'outlierDetection');
  const own = blocks.filter(({ rule }) => isFor(scene, rule, service));
  const misplaced = own.length === 0 ? blocks.find(({ rule }) => isNear(rule, service)) : undefined;
  if (misplaced) return otherService(scene, misplaced, service);
  const whole = own.find(({ subset }) => subset === undefined) ?? own.find((b) => usesSubset(scene, b.subset));
  if (!whole && own[0]) return unusedSubset(own[0]);
  if (!whole)
    return diagnose(
      'MALLA-RSL-08',
      `Parte de las respuestas de ${name} son ${status}, y ninguna DestinationRule expulsa a quien falla`,
      {
        at: service,
      },
    );
  return weakEjection(scene, service, whole, status);
}

/** Nothing was ever rejected for want of room. */
export function overflowCause(scene: Scene, clientNamespace: string): Diagnosis {
  const blocks = blocksOf(scene, 'connectionPool');
  const [first] = blocks;
  if (!first) return diagnose('MALLA-RSL-01', 'Ninguna DestinationRule limita las conexiones');
  const placed = blocks.filter(({ rule }) => serviceOf(scene, rule, clientNamespace) !== undefined);
  if (placed.length === 0) return nobodys(first);
  const used = placed.filter(({ subset }) => subset === undefined || usesSubset(scene, subset));
  if (used.length === 0 && placed[0]) return unusedSubset(placed[0]);
  return used.map(wideLimit).find((d) => d !== undefined) ?? idle(used[0]);
}

/** A fall was asked for, and the service answers. */
export function stillStanding(scene: Scene, about: string, namespace: string): Diagnosis | undefined {
  const service = findService(scene, about, namespace);
  const ready = service ? podsBehind(scene, service).filter(isReady) : [];
  const [deployment] = service ? deploymentsOf(scene, service) : [];
  if (!service || ready.length === 0) return undefined;
  const many = ready.length === 1 ? '1 pod listo' : `${ready.length} pods listos`;
  return diagnose('MALLA-RSL-10', `${service.metadata.name} tiene ${many}, y contesta`, { at: deployment ?? service });
}

/** The commonest 5xx, when there are good answers too. */
function errorIn({ failures, requests }: MeasuredSplit): number | undefined {
  const [first] = Object.entries(failures)
    .filter(([status]) => /^5\d\d$/.test(status))
    .toSorted(([, a], [, b]) => b - a);
  return first && first[1] < requests ? Number(first[0]) : undefined;
}

/** Where its author could have meant the service: in its namespace or the root one, or by the same short name. */
function isNear({ metadata, spec }: DestinationRule, service: Service): boolean {
  const host = text(fields(spec).host) ?? '';
  return (
    [service.metadata.namespace, rootNamespace].includes(metadata.namespace) ||
    host.split('.')[0] === service.metadata.name
  );
}

function blocksOf(scene: Scene, name: 'outlierDetection' | 'connectionPool'): Block[] {
  return scene.destinationRules.flatMap((rule) => {
    const { trafficPolicy, subsets } = fields(rule.spec);
    const policies = [
      { at: 'spec', policy: fields(trafficPolicy), subset: undefined },
      ...items(subsets).map((s, i) => ({
        at: `spec.subsets[${i}]`,
        policy: fields(fields(s).trafficPolicy),
        subset: text(fields(s).name) ?? '',
      })),
    ];
    return policies.flatMap(({ at, policy, subset }) =>
      policy[name] === undefined
        ? []
        : [
            {
              rule,
              path: `${at}.trafficPolicy.${name}`,
              value: fields(policy[name]),
              ...(subset !== undefined && { subset }),
            },
          ],
    );
  });
}

function isFor(scene: Scene, rule: DestinationRule, service: Service): boolean {
  return rulesFor(scene, service, service.metadata.namespace ?? 'default').includes(rule);
}

/** The Service that a rule counts for; clients look in their own namespace, in the service's and in the root. */
function serviceOf(scene: Scene, rule: DestinationRule, clientNamespace: string): Service | undefined {
  const service = findService(scene, rule.spec?.host ?? '', rule.metadata.namespace ?? 'default');
  return service && rulesFor(scene, service, clientNamespace).includes(rule) ? service : undefined;
}

function otherService(scene: Scene, block: Block, service: Service): Diagnosis {
  const { rule } = block;
  const written = fullHost(rule.spec?.host ?? '', rule.metadata.namespace ?? 'default');
  const exists = scene.services.some((s) => nameOfService(s) === written);
  const who = exists ? `«${written}»` : `«${rule.spec?.host}», que no es ningún servicio`;
  return diagnose('MALLA-RSL-02', `${nameOf(rule)} es para ${who}, y las peticiones van a ${service.metadata.name}`, {
    at: rule,
    path: 'spec.host',
  });
}

function nobodys({ rule }: Block): Diagnosis {
  return diagnose(
    'MALLA-RSL-02',
    `${nameOf(rule)} es para «${rule.spec?.host}», que no es ningún servicio al que se llame`,
    {
      at: rule,
      path: 'spec.host',
    },
  );
}

function usesSubset(scene: Scene, subset: string | undefined): boolean {
  return scene.virtualServices.some((vs) =>
    (vs.spec?.http ?? []).some((r) => (r.route ?? []).some((d) => d.destination?.subset === subset)),
  );
}

function unusedSubset({ rule, path, subset }: Block): Diagnosis {
  return diagnose('MALLA-RSL-03', `En ${nameOf(rule)} la política es del subset ${subset}, al que ninguna ruta envía`, {
    at: rule,
    path,
  });
}

const MANY_ERRORS = 10;

function weakEjection(
  scene: Scene,
  service: Service,
  { rule, path, value }: Block,
  status: number,
): Diagnosis | undefined {
  const endpoints = podsBehind(scene, service).filter(isReady).length;
  if (endpoints < 2)
    return diagnose('MALLA-RSL-07', `${service.metadata.name} tiene un solo pod listo`, { at: service });
  const errors = integer(value.consecutive5xxErrors) ?? 5;
  const gatewayErrors = integer(value.consecutiveGatewayErrors) ?? 0;
  const byGateway = gatewayErrors > 0 && status >= 502 && status <= 504;
  if (errors === 0 && !byGateway) {
    const field = gatewayErrors > 0 ? 'consecutiveGatewayErrors' : 'consecutive5xxErrors';
    return diagnose('MALLA-RSL-05', `${nameOf(rule)} no cuenta las respuestas ${status}`, {
      at: rule,
      path: `${path}.${field}`,
    });
  }
  // Envoy takes a host only while the share of those taken, with it, stays within the limit.
  const percent = integer(value.maxEjectionPercent) || 10;
  if (100 / endpoints > percent)
    return diagnose(
      'MALLA-RSL-04',
      `${nameOf(rule)} deja expulsar al ${percent} %, y con ${endpoints} extremos uno solo es el ${Math.round(100 / endpoints)} %`,
      { at: rule, path: value.maxEjectionPercent === undefined ? path : `${path}.maxEjectionPercent` },
    );
  const needed = byGateway ? Math.min(gatewayErrors, errors || gatewayErrors) : errors;
  if (needed > MANY_ERRORS)
    return diagnose('MALLA-RSL-06', `${nameOf(rule)} espera a ${needed} errores seguidos del mismo extremo`, {
      at: rule,
      path: `${path}.consecutive5xxErrors`,
    });
  return undefined;
}

/** Above these a few clients at once always find room. */
const WIDE = 5;

function wideLimit({ rule, path, value }: Block): Diagnosis | undefined {
  const connections = integer(fields(value.tcp).maxConnections) ?? 0;
  const pending = integer(fields(value.http).http1MaxPendingRequests) ?? 0;
  const wide = (limit: number): boolean => limit === 0 || limit > WIDE;
  if (!wide(connections) && !wide(pending)) return undefined;
  const field = wide(connections) ? 'tcp.maxConnections' : 'http.http1MaxPendingRequests';
  const limit = wide(connections) ? connections : pending;
  const says = limit === 0 ? `no pone ${field}, así que no tiene límite` : `pone ${field} en ${limit}`;
  return diagnose('MALLA-RSL-01', `${nameOf(rule)} ${says}`, {
    at: rule,
    path: limit === 0 ? path : `${path}.${field}`,
  });
}

function idle(block: Block | undefined): Diagnosis {
  const host = block?.rule.spec?.host ?? 'el servicio';
  return diagnose('MALLA-RSL-09', `Los límites de ${host} están puestos, y ninguna petición los ha pasado`);
}
