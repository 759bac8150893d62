// Istio objects as short YAML: a name, a host and the rest in flow style.

const networking = 'networking.istio.io/v1';
const security = 'security.istio.io/v1';

/** A VirtualService of the mesh for one host, with these `http` rules. */
export function virtualService(host: string, ...http: string[]): string {
  return service({ name: host.split('.')[0] ?? host, hosts: `[${host}]` }, http);
}

export function service(
  facts: { name: string; hosts: string; gateways?: string; namespace?: string; extra?: string },
  http: string[],
): string {
  return object(networking, 'VirtualService', facts, [
    `hosts: ${facts.hosts}`,
    ...(facts.gateways ? [`gateways: ${facts.gateways}`] : []),
    ...(facts.extra ? [facts.extra] : []),
    ...(http.length > 0 ? ['http:', ...http.map((rule) => `- ${rule}`)] : []),
  ]);
}

export function destinationRule(host: string, ...spec: string[]): string {
  return object(networking, 'DestinationRule', { name: `${host.split('.')[0]}-fid` }, [`host: ${host}`, ...spec]);
}

export function gateway(name: string, ...servers: string[]): string {
  return object(networking, 'Gateway', { name }, [
    'selector: {istio: ingressgateway}',
    'servers:',
    ...servers.map((s) => `- ${s}`),
  ]);
}

export function serviceEntry(name: string, ...spec: string[]): string {
  return object(networking, 'ServiceEntry', { name }, spec);
}

export function sidecar(name: string, ...spec: string[]): string {
  return object(networking, 'Sidecar', { name }, spec);
}

export function peerAuthentication(name: string, ...spec: string[]): string {
  return object(security, 'PeerAuthentication', { name }, spec);
}

export function requestAuthentication(name: string, ...spec: string[]): string {
  return object(security, 'RequestAuthentication', { name }, spec);
}

export function authorizationPolicy(name: string, ...spec: string[]): string {
  return object(security, 'AuthorizationPolicy', { name }, spec);
}

export function telemetry(name: string, ...spec: string[]): string {
  return object('telemetry.istio.io/v1', 'Telemetry', { name }, spec);
}

export function object(
  apiVersion: string,
  kind: string,
  { name, namespace }: { name: string; namespace?: string },
  spec: string[],
): string {
  const where = namespace ? `, namespace: ${namespace}` : '';
  const body = spec.length === 0 ? 'spec: {}' : ['spec:', ...spec.map((line) => `  ${line}`)].join('\n');
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${where}}\n${body}\n`;
}

export const yaml = (...documents: string[]) => documents.join('---\n');

/** `{route: [{destination: {host: H}}]}` with more fields before it. */
export function to(host: string, fields = ''): string {
  const [name, subset] = host.split('/');
  const destination = subset ? `{host: ${name}, subset: ${subset}}` : `{host: ${name}}`;
  return `{${fields ? `${fields}, ` : ''}route: [{destination: ${destination}}]}`;
}

/** A pod of its own with curl in it: `fid-client`. */
export function client({ inject, annotations = '{}' }: { inject: boolean; annotations?: string }): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: fid-client}
spec:
  replicas: 1
  selector: {matchLabels: {app: fid-client}}
  template:
    metadata: {labels: {app: fid-client, sidecar.istio.io/inject: "${inject}"}, annotations: ${annotations}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: curl
        image: docker.io/curlimages/curl:8.16.0
        imagePullPolicy: IfNotPresent
        command: [/bin/sleep, infinity]
`;
}
