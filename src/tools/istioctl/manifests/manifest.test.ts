// The lists are what the official istioctl generates for each profile.
import { expect, test } from 'vitest';
import { defaultRevision, manifest } from './manifest.ts';
import { type InstallSettings, profileSettings } from './settings.ts';

const settings = (profile: string): InstallSettings => {
  const found = profileSettings(profile);
  if (!found) throw new Error(`no profile ${profile}`);
  return found;
};
const objects = (profile: string) => manifest(settings(profile)).flatMap((part) => part.objects);
const names = (profile: string) =>
  objects(profile)
    .map((o) => `${o.kind}/${o.metadata.name}`)
    .sort();

const core = [
  'ClusterRole/istio-reader-clusterrole-istio-system',
  'ClusterRole/istiod-clusterrole-istio-system',
  'ClusterRole/istiod-gateway-controller-istio-system',
  'ClusterRoleBinding/istio-reader-clusterrole-istio-system',
  'ClusterRoleBinding/istiod-clusterrole-istio-system',
  'ClusterRoleBinding/istiod-gateway-controller-istio-system',
  'ConfigMap/istio',
  'ConfigMap/istio-sidecar-injector',
  'ConfigMap/values',
  'Deployment/istiod',
  'MutatingWebhookConfiguration/istio-sidecar-injector',
  'Role/istiod',
  'RoleBinding/istiod',
  'Service/istiod',
  'ServiceAccount/istio-reader-service-account',
  'ServiceAccount/istiod',
  'ValidatingWebhookConfiguration/istio-validator-istio-system',
];
const gateway = (name: string) => [
  `Deployment/${name}`,
  `Role/${name}-sds`,
  `RoleBinding/${name}-sds`,
  `Service/${name}`,
  `ServiceAccount/${name}-service-account`,
];
const scaled = (name: string) => `HorizontalPodAutoscaler/${name}`;

test.each([
  ['minimal', [...core, scaled('istiod')]],
  ['default', [...core, ...gateway('istio-ingressgateway'), scaled('istiod'), scaled('istio-ingressgateway')]],
  ['demo', [...core, ...gateway('istio-ingressgateway'), ...gateway('istio-egressgateway')]],
])('the profile %s has exactly its objects', (profile, expected) => {
  expect(names(profile)).toEqual([...expected].sort());
});

test('everything can be found again by uninstall', () => {
  const all = [...objects('demo'), ...defaultRevision(settings('demo'))];
  expect(all.filter((o) => !o.metadata.labels?.['operator.istio.io/component'])).toEqual([]);
});

test('the injector matches nothing once the default tag answers in its place', () => {
  const silenced = defaultRevision(settings('demo')).find((o) => o.metadata.name === 'istio-sidecar-injector');
  const webhooks = silenced?.webhooks as { namespaceSelector: unknown }[];
  const never = { matchLabels: { 'istio.io/deactivated': 'never-match' } };
  expect(webhooks.map((w) => w.namespaceSelector)).toEqual([never, never, never, never]);
});

test('demo logs every request and traces all', () => {
  const map = objects('demo').find((o) => o.kind === 'ConfigMap' && o.metadata.name === 'istio');
  const data = (map?.data ?? {}) as Record<string, string>;
  expect(data.mesh).toContain('accessLogFile: /dev/stdout');
});
