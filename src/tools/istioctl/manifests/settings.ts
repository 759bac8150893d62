// What an installation is made of: a profile, changed by `--set`.

export const istioVersion = '1.30.3';

export type ProfileName = 'default' | 'demo' | 'minimal';

export interface InstallSettings {
  profile: ProfileName;
  namespace: string;
  ingress: boolean;
  egress: boolean;
  /** Of the charts, merged from their defaults, the profile and `--set values.…`. */
  values: Values;
  meshConfig: Values;
}

export type Values = { [name: string]: unknown };

/** Settings of a profile before any `--set`. Undefined for a profile that this tool does not know. */
export function profileSettings(profile: string): InstallSettings | undefined {
  if (profile !== 'default' && profile !== 'demo' && profile !== 'minimal') return undefined;
  const demo = profile === 'demo';
  return {
    profile,
    namespace: 'istio-system',
    ingress: profile !== 'minimal',
    egress: demo,
    values: structuredClone(demo ? merged(defaultValues, demoValues) : defaultValues),
    meshConfig: structuredClone(demo ? demoMesh : {}),
  };
}

/** The value at a path such as `global.proxy.image`. */
export function at(values: Values, path: string): unknown {
  return path.split('.').reduce<unknown>((v, name) => (isValues(v) ? v[name] : undefined), values);
}

export const textAt = (values: Values, path: string): string => {
  const value = at(values, path);
  return typeof value === 'string' ? value : value === undefined ? '' : String(value);
};

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merged(base: Values, over: Values): Values {
  const result: Values = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isValues(below) && isValues(value) ? merged(below, value) : value;
  }
  return result;
}

const resources = (cpu: string, memory: string) => ({ requests: { cpu, memory } });

const servicePort = (name: string, port: number, targetPort: number) => ({ name, port, targetPort, protocol: 'TCP' });
const ingressPorts = [
  servicePort('status-port', 15021, 15021),
  servicePort('http2', 80, 8080),
  servicePort('https', 443, 8443),
];

const defaultValues: Values = {
  gateways: {
    'istio-ingressgateway': {
      autoscaleEnabled: true,
      resources: resources('100m', '128Mi'),
      ports: ingressPorts,
      type: 'LoadBalancer',
    },
    'istio-egressgateway': {
      autoscaleEnabled: true,
      resources: resources('100m', '128Mi'),
      ports: ingressPorts.slice(1),
      type: 'ClusterIP',
    },
    seccompProfile: {},
    securityContext: {},
  },
  global: {
    caAddress: '',
    caName: '',
    certSigners: [],
    configCluster: false,
    configValidation: true,
    defaultPodDisruptionBudget: { enabled: true },
    defaultResources: { requests: { cpu: '10m' } },
    externalIstiod: false,
    hub: 'registry.istio.io/release',
    imagePullPolicy: '',
    imagePullSecrets: [],
    istioNamespace: 'istio-system',
    istiod: { enableAnalysis: false },
    logAsJson: false,
    logging: { level: 'default:info' },
    meshID: '',
    meshNetworks: {},
    mountMtlsCerts: false,
    multiCluster: { clusterName: '' },
    nativeNftables: false,
    network: '',
    networkPolicy: { enabled: false },
    omitSidecarInjectorConfigMap: false,
    operatorManageWebhooks: false,
    pilotCertProvider: 'istiod',
    priorityClassName: '',
    proxy: {
      autoInject: 'enabled',
      clusterDomain: 'cluster.local',
      componentLogLevel: 'misc:error',
      excludeIPRanges: '',
      excludeInboundPorts: '',
      excludeOutboundPorts: '',
      image: 'proxyv2',
      includeIPRanges: '*',
      includeInboundPorts: '*',
      includeOutboundPorts: '',
      logLevel: 'warning',
      outlierLogPath: '',
      privileged: false,
      readinessFailureThreshold: 4,
      readinessInitialDelaySeconds: 0,
      readinessPeriodSeconds: 15,
      resources: { limits: { cpu: '2000m', memory: '1024Mi' }, ...resources('100m', '128Mi') },
      seccompProfile: {},
      startupProbe: { enabled: true, failureThreshold: 600 },
      statusPort: 15020,
      tracer: 'none',
    },
    proxy_init: { forceApplyIptables: false, image: 'proxyv2' },
    remotePilotAddress: '',
    resourceScope: 'all',
    sds: { token: { aud: 'istio-ca' } },
    sts: { servicePort: 0 },
    tag: istioVersion,
    variant: '',
    waypoint: {
      affinity: {},
      nodeSelector: {},
      resources: { limits: { cpu: '2', memory: '1Gi' }, ...resources('100m', '128Mi') },
      tolerations: [],
      topologySpreadConstraints: [],
    },
  },
  pilot: {
    autoscaleEnabled: true,
    resources: resources('500m', '2048Mi'),
    traceSampling: 1,
    cni: { enabled: false, provider: 'default' },
    env: {},
  },
  revision: '',
  sidecarInjectorWebhook: {
    alwaysInjectSelector: [],
    defaultTemplates: [],
    enableNamespacesByDefault: false,
    injectedAnnotations: {},
    neverInjectSelector: [],
    reinvocationPolicy: 'Never',
    rewriteAppHTTPProbe: true,
    templates: {},
  },
};

const small = resources('10m', '40Mi');

const demoValues: Values = {
  gateways: {
    'istio-ingressgateway': {
      autoscaleEnabled: false,
      resources: small,
      ports: [...ingressPorts, servicePort('tcp', 31400, 31400), servicePort('tls', 15443, 15443)],
    },
    'istio-egressgateway': { autoscaleEnabled: false, resources: small },
  },
  global: { proxy: { resources: small }, waypoint: { resources: small } },
  pilot: { autoscaleEnabled: false, resources: resources('10m', '100Mi'), traceSampling: 100 },
};

const otel = (name: string, service: string) => ({ name, opentelemetry: { port: 4317, service } });
const collector = 'opentelemetry-collector.observability.svc.cluster.local';

const demoMesh: Values = {
  accessLogFile: '/dev/stdout',
  extensionProviders: [
    { name: 'otel', envoyOtelAls: { port: 4317, service: collector } },
    { name: 'skywalking', skywalking: { port: 11800, service: 'tracing.istio-system.svc.cluster.local' } },
    otel('otel-tracing', collector),
    otel('jaeger', 'jaeger-collector.istio-system.svc.cluster.local'),
  ],
};
