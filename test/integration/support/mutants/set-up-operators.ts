// Mistakes in the objects of Kubernetes itself.
import { change } from './change.ts';
import { type JsonValue, type Manifest, typo } from './manifest.ts';
import type { Operator } from './operator.ts';

const text = (to: (value: string) => string) => (value: JsonValue) => (typeof value === 'string' ? to(value) : value);
const number = (to: (value: number) => number) => (value: JsonValue) => (typeof value === 'number' ? to(value) : value);

/** Checks that send requests, and so come by the Service. */
const traffic = ['http', 'reparto', 'peticion'] as const;

/** The Service is the host of a URL. */
const host = ({ name }: Manifest) => new RegExp(`//${name}[.:/]`);

/** Queries that students keep in a ConfigMap. */
const query = (name: string, codes: readonly string[], to: (written: string) => string) =>
  change({
    name: `consulta: ${name}`,
    kind: 'ConfigMap',
    at: 'data.*',
    codes,
    seenBy: ['metrica'],
    named: ({ name: own }) => new RegExp(`"configMap":"${own}"`),
    to: text((written) => (written.includes('istio_') ? to(written) : written)),
  });

export const setUp: readonly Operator[] = [
  query('métrica mal escrita', ['MALLA-OBS-15'], (q) => q.replace('istio_request', 'istio_requets')),
  query('valor de una etiqueta', ['MALLA-OBS-17'], (q) => q.replace(/service_name="(\w+)"/, 'service_name="$1x"')),
  query('nombre de una etiqueta', ['MALLA-OBS-16'], (q) => q.replace('service_name=', 'servicename=')),
  query('los dos proxies', ['MALLA-OBS-23', 'MALLA-OBS-26'], (q) => q.replaceAll(/reporter="\w+", /g, '')),
  query('el contador tal cual', ['MALLA-OBS-24', 'MALLA-OBS-14', 'MALLA-OBS-26'], (q) =>
    q.replace(/rate\((istio_requests_total\{[^}]*\})\[1m\]\)/, '$1'),
  ),
  query('sin cerrar', ['MALLA-OBS-14'], (q) => q.trimEnd().replace(/\)$/, '')),
  change({
    name: 'imagen mal escrita',
    kind: 'Deployment',
    at: 'spec.template.spec.containers.*.image',
    codes: ['MALLA-APP-02'],
    seenBy: ['pods'],
    to: text((image) => image.replace(/([^/:]+)(:[^/]*)?$/, (_all, name: string, tag = '') => `${typo(name)}${tag}`)),
  }),
  change({
    name: 'sin réplicas',
    kind: 'Deployment',
    at: 'spec.replicas',
    codes: ['MALLA-APP-03'],
    seenBy: ['pods'],
    to: number(() => 0),
  }),
  change({
    name: 'fuera de la inyección',
    kind: 'Deployment',
    at: 'spec.template.metadata.labels',
    seenBy: ['pods'],
    named: () => /"sidecar":true/,
    codes: ['MALLA-INY-06', 'MALLA-INY-10', 'MALLA-MTL-09', 'MALLA-AUT-15', 'MALLA-MTL-06'],
    to: (labels) =>
      typeof labels === 'object' && labels !== null && !Array.isArray(labels)
        ? { ...labels, 'sidecar.istio.io/inject': 'false' }
        : labels,
  }),
  change({
    name: 'selector del Service',
    kind: 'Service',
    at: 'spec.selector.app',
    seenBy: traffic,
    named: host,
    codes: ['MALLA-APP-08', 'MALLA-RED-03', 'MALLA-OBS-31'],
    to: text(typo),
  }),
  change({
    name: 'puerto del Service',
    kind: 'Service',
    at: 'spec.ports.*.port',
    seenBy: traffic,
    named: host,
    codes: ['MALLA-RUT-11', 'MALLA-APP-09', 'MALLA-PET-05', 'MALLA-RED-03', 'MALLA-OBS-31'],
    to: number((port) => port + 1),
  }),
];
