// What stands between a student's object and the cluster: policies and webhooks of others, and the level of Pod Security.

import type { KubeObject } from '../../../mesh/objects.ts';
import { fields } from '../../../mesh/read.ts';

export interface Admission {
  /** Names of ValidatingAdmissionPolicies. */
  policies: string[];
  /** Webhooks, but Istio's own, that see the objects of labs. */
  webhooks: { name: string; mutates: boolean /** Nothing is created while it does not answer. */; blocks: boolean }[];
  /** Namespaces whose level keeps sidecars out, where Istio has no CNI plugin of its own. */
  strict: { namespace: string; level: string }[];
}

export interface AdmissionObjects {
  policies: readonly KubeObject[];
  mutating: readonly KubeObject[];
  validating: readonly KubeObject[];
  namespaces: readonly KubeObject[];
}

const ours = [
  'pods',
  'deployments',
  'services',
  'virtualservices',
  'gateways',
  'destinationrules',
  'namespaces',
  'secrets',
];

export function findAdmission({ policies, mutating, validating, namespaces }: AdmissionObjects): Admission {
  const webhooks = [...mutating.map((o) => [o, true] as const), ...validating.map((o) => [o, false] as const)]
    .filter(([{ metadata }]) => !/^istio|^istiod-/.test(metadata.name) && metadata.labels?.app !== 'sidecar-injector')
    .flatMap(([object, mutates]) => {
      const touching = hooksOf(object).filter((hook) => (hook.rules ?? []).some(touchesLabs));
      if (touching.length === 0) return [];
      return [
        { name: object.metadata.name, mutates, blocks: touching.some((hook) => hook.failurePolicy !== 'Ignore') },
      ];
    });
  return {
    policies: policies.map((p) => p.metadata.name),
    webhooks,
    strict: namespaces.flatMap(({ metadata }) => {
      const level = metadata.labels?.['pod-security.kubernetes.io/enforce'];
      return level === 'baseline' || level === 'restricted' ? [{ namespace: metadata.name, level }] : [];
    }),
  };
}

interface Hook {
  rules?: { resources?: string[] }[];
  failurePolicy?: string;
}

function hooksOf(object: KubeObject): Hook[] {
  const { webhooks } = fields(object);
  return Array.isArray(webhooks) ? (webhooks as Hook[]) : [];
}

function touchesLabs({ resources = [] }: { resources?: string[] }): boolean {
  return resources.some((r) => r === '*' || r === '*/*' || ours.includes(r.split('/')[0] ?? ''));
}
