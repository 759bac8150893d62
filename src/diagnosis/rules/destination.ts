// A route's destination: does it lead to a pod?

import { printLabels, selects } from '../../cluster/labels.ts';
import { fullHost } from '../../mesh/host-names.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { findService, nameOfService } from '../hosts.ts';
import type { Deployment, DestinationRule, Scene, Service, VirtualService } from '../scene.ts';
import type { Destination } from '../specs.ts';
import { podsBehind, rulesFor, type Subset, subsetsOf } from '../subsets.ts';
import { closest } from '../typo.ts';
import type { WrittenRule } from './meant-rules.ts';
import { refused, replicasAtZero } from './workloads.ts';

/** Where a destination is written. */
export interface Written {
  vs: VirtualService;
  /** `spec.http[0].route[1].destination`. */
  path: string;
  destination: Destination;
  callerNamespace: string;
}

export function brokenDestination(scene: Scene, written: Written): Diagnosis | undefined {
  const { vs, path, destination } = written;
  const host = destination.host ?? '';
  const service = findService(scene, host, vs.metadata.namespace ?? 'default');
  if (!service) return unknownHost(scene, written);
  const number = destination.port?.number;
  const ports = (service.spec?.ports ?? []).map((p) => p.port);
  if (number !== undefined && !ports.includes(number))
    return diagnose('MALLA-RUT-11', `${nameOf(service)} no tiene el puerto ${number} (tiene ${ports.join(', ')})`, {
      at: vs,
      path: `${path}.port.number`,
    });
  if (destination.subset !== undefined) return brokenSubset(scene, written, service, destination.subset);
  return brokenService(scene, service);
}

/** The first destination of the rule that leads nowhere; those that get nothing cannot break. */
export function brokenRoute(
  scene: Scene,
  { vs, rule, index }: WrittenRule,
  callerNamespace: string,
): Diagnosis | undefined {
  for (const [j, { destination = {}, weight }] of (rule.route ?? []).entries()) {
    const path = `spec.http[${index}].route[${j}].destination`;
    const found = weight === 0 ? undefined : brokenDestination(scene, { vs, path, destination, callerNamespace });
    if (found) return found;
  }
  return undefined;
}

/** No ready way from a Service to a pod. */
export function brokenService(scene: Scene, service: Service): Diagnosis | undefined {
  const pods = podsBehind(scene, service);
  if (pods.length === 0) return noPods(scene, service);
  for (const [index, port] of (service.spec?.ports ?? []).entries()) {
    const target = port.targetPort ?? port.port;
    const declared = pods.flatMap((p) => (p.spec?.containers ?? []).flatMap((c) => c.ports ?? []));
    // A container may listen on ports that it does not declare: only what it does declare can contradict the Service.
    const own = declared.filter((p) => p.name !== 'http-envoy-prom');
    if (own.length === 0 || own.some((p) => p.containerPort === target || p.name === target)) continue;
    return diagnose(
      'MALLA-APP-09',
      `${nameOf(service)} envía al puerto ${target}, y sus pods escuchan en ${own.map((p) => p.containerPort).join(', ')}`,
      { at: service, path: `spec.ports[${index}].targetPort` },
    );
  }
  return undefined;
}

function unknownHost(scene: Scene, { vs, path, destination }: Written): Diagnosis {
  const host = destination.host ?? '';
  const namespace = vs.metadata.namespace ?? 'default';
  const elsewhere = scene.services.find((s) => s.metadata.name === host && s.metadata.namespace !== namespace);
  const meant = closest(host, scene.services, (s) => s.metadata.name);
  const workload = scene.deployments.find(
    (d) => d.metadata.namespace === namespace && d.spec?.template?.metadata?.labels?.app === host,
  );
  if (workload && !elsewhere)
    return diagnose(
      'MALLA-APP-07',
      `${nameOf(vs)} envía a «${host}»: hay ${nameOf(workload)}, pero ningún Service con ese nombre`,
      {
        at: vs,
        path: `${path}.host`,
      },
    );
  const hint = elsewhere
    ? `Hay un Service ${host} en ${elsewhere.metadata.namespace}: desde ${namespace} se le llama ${nameOfService(elsewhere)}.`
    : meant && `¿Querías decir «${meant.metadata.name}»?`;
  return diagnose(
    'MALLA-RUT-10',
    `${nameOf(vs)} envía a «${fullHost(host, namespace)}», y no hay ningún Service que se llame así`,
    {
      at: vs,
      path: `${path}.host`,
      hint,
    },
  );
}

function brokenSubset(scene: Scene, written: Written, service: Service, name: string): Diagnosis | undefined {
  const rules = rulesFor(scene, service, written.callerNamespace);
  if (rules.length === 0) return noRule(scene, written, service, name);
  const subsets = subsetsOf(rules);
  const subset = subsets.find((s) => s.name === name);
  if (!subset) return undefinedSubset(written, rules, subsets, name);
  if (podsBehind(scene, service, subset).length > 0) return undefined;
  const all = podsBehind(scene, service);
  const absent = absentPods(
    deploymentsOf(scene, service).filter((d) => carries(d.spec?.template?.metadata?.labels, subset)),
  );
  if (absent) return absent;
  if (all.length === 0) return noPods(scene, service);
  const versions = [...new Set(all.map((p) => p.metadata.labels?.version).filter(Boolean))].join(', ');
  return diagnose(
    'MALLA-DES-03',
    `El subset ${name} pide ${printLabels(subset.labels)}, y ningún pod de ${service.metadata.name} lo lleva${versions ? ` (hay version=${versions})` : ''}`,
    { at: subset.rule, path: `${subset.path}.labels` },
  );
}

function carries(labels: Record<string, string> | undefined, subset: Subset): boolean {
  return Object.entries(subset.labels).every(([key, value]) => labels?.[key] === value);
}

function noRule(scene: Scene, { vs, path }: Written, service: Service, subset: string): Diagnosis {
  const { name, namespace } = service.metadata;
  const nameless = (rule: DestinationRule): string => (rule.spec?.host ?? '').split('.')[0] ?? '';
  // A rule that was written for this service and does not count for it.
  const misplaced = scene.destinationRules.find((r) => nameless(r) === name);
  if (misplaced)
    return diagnose(
      'MALLA-DES-06',
      `${nameOf(misplaced)} vale para «${fullHost(misplaced.spec?.host ?? '', misplaced.metadata.namespace ?? 'default')}», y el servicio es ${name} de ${namespace}`,
      { at: misplaced, path: misplaced.spec?.host?.includes('.') ? 'spec.host' : 'metadata.namespace' },
    );
  const wrongHost = scene.destinationRules.find(
    (r) =>
      !findService(scene, r.spec?.host ?? '', r.metadata.namespace ?? 'default') &&
      subsetsOf([r]).some((s) => s.name === subset),
  );
  if (wrongHost)
    return diagnose(
      'MALLA-DES-04',
      `${nameOf(wrongHost)} es para «${wrongHost.spec?.host}», que no es ningún servicio`,
      {
        at: wrongHost,
        path: 'spec.host',
      },
    );
  return diagnose(
    'MALLA-DES-01',
    `${nameOf(vs)} usa el subset ${subset} de ${name}, y no hay ninguna DestinationRule para ${name}`,
    {
      at: vs,
      path: `${path}.subset`,
    },
  );
}

function undefinedSubset(
  { vs, path }: Written,
  rules: readonly DestinationRule[],
  subsets: readonly Subset[],
  name: string,
): Diagnosis {
  const known = subsets.map((s) => s.name).join(', ') || 'ninguno';
  return diagnose(
    'MALLA-DES-02',
    `${nameOf(vs)} usa el subset «${name}», y ${rules.map(nameOf).join(', ')} define ${known}`,
    { at: vs, path: `${path}.subset` },
  );
}

function noPods(scene: Scene, service: Service): Diagnosis {
  const absent = absentPods(deploymentsOf(scene, service));
  if (absent) return absent;
  return diagnose(
    'MALLA-APP-08',
    `${nameOf(service)} selecciona ${printLabels(service.spec?.selector) || 'nada'}, y ningún pod lo lleva`,
    { at: service, path: 'spec.selector' },
  );
}

/** Why these Deployments, whose pods would serve, have none. */
function absentPods(deployments: readonly Deployment[]): Diagnosis | undefined {
  const [starting] = deployments;
  return (
    replicasAtZero(deployments) ??
    refused(deployments) ??
    // Gone for a moment.
    (starting && diagnose('MALLA-SAL-06', `${nameOf(starting)} aún no ha creado sus pods`, { at: starting }))
  );
}

export function deploymentsOf(scene: Scene, service: Service): Deployment[] {
  return scene.deployments.filter(
    (d) =>
      d.metadata.namespace === service.metadata.namespace &&
      selects(service.spec?.selector, d.spec?.template?.metadata?.labels),
  );
}
