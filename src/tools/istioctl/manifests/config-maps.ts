// The ConfigMaps istiod reads: the mesh's configuration and the injector's.
import { stringify } from 'yaml';
import type { KubeObject } from '../../../mesh/objects.ts';
import { injectionTemplates } from './injection-templates.ts';
import { chartLabels, componentLabels } from './labels.ts';
import { at, type InstallSettings, isValues, type Values } from './settings.ts';

export function configMaps(settings: InstallSettings): KubeObject[] {
  const { values, namespace } = settings;
  const map = (name: string, data: Record<string, string>, annotations?: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { ...chartLabels('istiod', 'istiod'), ...componentLabels('Pilot') },
      ...(annotations ? { annotations } : {}),
    },
    data,
  });
  const whole = { profile: settings.profile, ...values, meshConfig: settings.meshConfig };
  return [
    map('istio', { mesh: yaml(sorted(mesh(settings))), meshNetworks: 'networks: {}' }),
    map('istio-sidecar-injector', { config: injectorConfig(values), values: json(injectorValues(values)) }),
    map(
      'values',
      { 'merged-values': json(whole), 'original-values': json({ profile: settings.profile }) },
      { 'kubernetes.io/description': 'Helm values of this installation. Changing them has no effect.' },
    ),
  ];
}

function mesh({ meshConfig, namespace, values }: InstallSettings): Values {
  const defaultConfig = isValues(meshConfig.defaultConfig) ? meshConfig.defaultConfig : {};
  return {
    defaultProviders: { metrics: ['prometheus'] },
    enablePrometheusMerge: true,
    rootNamespace: namespace,
    trustDomain: String(at(values, 'global.proxy.clusterDomain') ?? 'cluster.local'),
    ...meshConfig,
    defaultConfig: { discoveryAddress: `istiod.${namespace}.svc:15012`, ...defaultConfig },
  };
}

/** The part of the values that injection looks at. */
function injectorValues(values: Values): Values {
  const { gateways, global, pilot, revision, sidecarInjectorWebhook } = values;
  const { seccompProfile, securityContext } = isValues(gateways) ? gateways : {};
  const { cni, env } = isValues(pilot) ? pilot : {};
  return {
    gateways: { seccompProfile, securityContext },
    global,
    pilot: { cni, env },
    revision,
    sidecarInjectorWebhook,
  };
}

function injectorConfig(values: Values): string {
  const policy = at(values, 'global.proxy.autoInject');
  const webhook = isValues(values.sidecarInjectorWebhook) ? values.sidecarInjectorWebhook : {};
  const chosen = Array.isArray(webhook.defaultTemplates) ? webhook.defaultTemplates : [];
  return yaml({
    defaultTemplates: chosen.length > 0 ? chosen : ['sidecar'],
    policy: policy === 'disabled' ? 'disabled' : 'enabled',
    alwaysInjectSelector: webhook.alwaysInjectSelector,
    neverInjectSelector: webhook.neverInjectSelector,
    injectedAnnotations: webhook.injectedAnnotations,
    templates: injectionTemplates,
  });
}

const yaml = (value: unknown) => stringify(value, { lineWidth: 0, blockQuote: 'literal' });
const json = (value: unknown) => JSON.stringify(sorted(value), undefined, 2);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isValues(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, v]) => [name, sorted(v)]));
}
