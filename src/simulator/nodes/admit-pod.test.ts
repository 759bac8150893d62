import { expect, test } from 'vitest';
import type { Pod } from '../controllers/kinds.ts';
import { admitPod, serviceAccountOf } from './admit-pod.ts';
import { podNamed } from './fixtures/test-cluster.ts';

const admit = (pod: Pod, facts = {}) => admitPod(pod, { random: () => 0.5, ...facts }) as Pod;

test('a pod runs as the default account with its token mounted in every container', () => {
  const pod = podNamed('web', {}, { initContainers: [{ name: 'init', image: 'init:1' }] });
  const { spec, status } = admit(pod);
  expect(spec).toMatchObject({
    serviceAccountName: 'default',
    serviceAccount: 'default',
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
  });
  const [volume] = spec?.volumes ?? [];
  expect(volume?.name).toMatch(/^kube-api-access-[b-z2-9]{5}$/);
  expect(volume?.projected?.sources?.map((s) => Object.keys(s)[0])).toEqual([
    'serviceAccountToken',
    'configMap',
    'downwardAPI',
  ]);
  const mount = { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  expect(spec?.containers[0]?.volumeMounts).toEqual([mount]);
  expect(spec?.initContainers?.[0]?.volumeMounts).toEqual([mount]);
  expect(spec?.tolerations).toEqual(
    ['not-ready', 'unreachable'].map((what) => ({
      key: `node.kubernetes.io/${what}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
  );
  expect(status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  expect(pod.spec?.volumes).toBeUndefined();
});

test('a second time it only serves containers that came meanwhile', () => {
  const once = admit(podNamed('web'));
  expect(admit(once)).toEqual(once);
  const injected = structuredClone(once);
  injected.spec?.containers.push({ name: 'istio-proxy', image: 'sidecar:1' });
  const twice = admit(injected);
  expect(twice.spec?.volumes).toEqual(once.spec?.volumes);
  expect(twice.spec?.containers[1]?.volumeMounts).toEqual(once.spec?.containers[0]?.volumeMounts);
});

test('neither pod nor account that switches the token off gets one', () => {
  expect(admit(podNamed('web', {}, { automountServiceAccountToken: false })).spec?.volumes).toBeUndefined();
  const serviceAccount = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'a' },
    automountServiceAccountToken: false,
  };
  expect(admit(podNamed('web'), { serviceAccount }).spec?.volumes).toBeUndefined();
});

test('tolerations that the pod brings are kept, and cover the defaults', () => {
  const all = [{ operator: 'Exists' }];
  expect(admit(podNamed('web', {}, { tolerations: all })).spec?.tolerations).toEqual(all);
});

test('a mirror pod gets no account', () => {
  const pod = podNamed('etcd');
  pod.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' };
  expect(admit(pod).spec?.serviceAccountName).toBeUndefined();
});

test('the quality of service follows requests and limits', () => {
  const qos = (resources: object) => admit(podNamed('web', { resources })).status?.qosClass;
  expect(qos({})).toBe('BestEffort');
  expect(qos({ requests: { cpu: '10m' } })).toBe('Burstable');
  expect(qos({ limits: { cpu: '1', memory: '1Gi' } })).toBe('Guaranteed');
  expect(qos({ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } })).toBe('Burstable');
});

test('the account is named by either field', () => {
  expect(serviceAccountOf(podNamed('a'))).toBe('default');
  expect(serviceAccountOf(podNamed('a', {}, { serviceAccount: 'old' }))).toBe('old');
});
