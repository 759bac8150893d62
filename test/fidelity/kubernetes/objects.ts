// Small manifests that the questions share.

type Fields = Record<string, unknown>;

export const image = 'busybox:1.35';
const sleep = ['sh', '-c', 'echo uno; echo dos; echo tres; exec sleep 3600'];

export function configMap(name: string, data: Record<string, string> = { a: '1' }, metadata: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

export function pod(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { terminationGracePeriodSeconds: 0, containers: [container()], ...spec },
  };
}

/** A container that says three words and waits. */
export function container(more: Fields = {}): Fields {
  return { name: 'c', image, imagePullPolicy: 'IfNotPresent', command: sleep, ...more };
}

export function template(name: string, spec: Fields = {}): Fields {
  return {
    metadata: { labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 0, containers: [container()], ...spec },
  };
}

export function deployment(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...metadata },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  };
}

export function service(name: string, spec: Fields = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
  };
}

export function crd(
  plural: string,
  kind: string,
  schema: Fields = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  version: Fields = {},
  spec: Fields = {},
): Fields {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.kf.malla.dev` },
    spec: {
      group: 'kf.malla.dev',
      scope: 'Namespaced',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
      ...spec,
    },
  };
}

/** An object of a kind of `crd`. */
export function custom(kind: string, name: string, fields: Fields = {}): Fields {
  return { apiVersion: 'kf.malla.dev/v1', kind, metadata: { name }, ...fields };
}
