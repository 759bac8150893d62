import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { checkPodSecurity } from './pod-security.ts';

const LABEL = 'pod-security.kubernetes.io/';

function inNamespace(labels: Record<string, string>, pods: KubeObject[] = []) {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels } };
  const registry = { get: () => namespace, list: () => pods };
  return (resource: string, object: KubeObject, previous?: KubeObject) => {
    const said: string[] = [];
    try {
      checkPodSecurity(registry, { resource, object, previous, warn: (text) => said.push(text) });
    } catch (error) {
      said.push(`! ${(error as Error).message}`);
    }
    return said;
  };
}

const pod = (spec: object, name = 'p'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a' },
  spec: { containers: [{ name: 'c' }], ...spec },
});
const safe = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

test('restricted refuses a pod that says nothing of its security', () => {
  const write = inNamespace({ [`${LABEL}enforce`]: 'restricted' });
  expect(write('pods', pod({}))).toEqual([
    '! pods "p" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ]);
  expect(write('pods', pod({ containers: [{ name: 'c', securityContext: safe }] }))).toEqual([]);
  expect(write('pods', pod({}), pod({}))).toEqual([]);
});

test('baseline refuses what reaches the node', () => {
  const write = inNamespace({ [`${LABEL}enforce`]: 'baseline', [`${LABEL}enforce-version`]: 'v1.30' });
  const initContainers = [{ name: 'istio-init', securityContext: { capabilities: { add: ['NET_RAW', 'NET_ADMIN'] } } }];
  expect(write('pods', pod({ initContainers }))).toEqual([
    '! pods "p" is forbidden: violates PodSecurity "baseline:v1.30": non-default capabilities (container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)',
  ]);
  const containers = [{ name: 'c', securityContext: { privileged: true }, ports: [{ hostPort: 80 }] }];
  const volumes = [{ name: 'v', hostPath: { path: '/' } }];
  expect(write('pods', pod({ hostNetwork: true, containers, volumes }))[0]).toMatch(
    /: host namespaces \(hostNetwork=true\), hostPath volumes \(volume "v"\), hostPort \(container "c" uses hostPort 80\), privileged \(container "c" must not set securityContext.privileged=true\)$/,
  );
  expect(write('pods', pod({}))).toEqual([]);
});

test('who makes pods is only warned', () => {
  const write = inNamespace({ [`${LABEL}enforce`]: 'baseline' });
  const deployment = { ...pod({}), spec: { template: { spec: { hostPID: true } } } };
  expect(write('apps/deployments', deployment)).toEqual([
    'would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  ]);
});

test('a stricter namespace tells of the pods that it has', () => {
  const namespace = (labels: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'a', labels },
  });
  const write = inNamespace({}, [pod({ hostPID: true }, 'y'), pod({ hostPID: true }, 'x'), pod({}, 'z')]);
  expect(write('namespaces', namespace({ [`${LABEL}enforce`]: 'baseline' }), namespace({}))).toEqual([
    'existing pods in namespace "a" violate the new PodSecurity enforce level "baseline:latest"',
    'x (and 1 other pod): host namespaces',
  ]);
  expect(write('namespaces', namespace({ [`${LABEL}warn`]: 'mucho' }))).toEqual([
    `! Namespace "a" is invalid: metadata.labels[${LABEL}warn]: Invalid value: "mucho": must be one of privileged, baseline, restricted`,
  ]);
});
