// Names of images, written in full, and how a bundle groups them.

/** `nginx:1.28` is `docker.io/library/nginx:1.28`. A name without tag is `latest`. */
export function fullName(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const named = isRegistry ? image : `docker.io/${rest.length === 0 ? `library/${image}` : image}`;
  return /[:@][^/]+$/.test(named) ? named : `${named}:latest`;
}

/** Images of a group share layers, so they go in one archive. The name is that of its file. */
export function groupOf(image: string): string {
  if (/\/(proxyv2|pilot|install-cni|ztunnel)[:@]/.test(image)) return 'istio';
  if (/examples-bookinfo-/.test(image)) return 'bookinfo';
  if (/(prometheus|grafana|jaeger|kiali)/.test(image)) return 'extras';
  return 'muestras';
}

export function grouped(images: readonly string[]): [string, string[]][] {
  const names = [...new Set(images.map(fullName))].toSorted();
  return [...Map.groupBy(names, groupOf)].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
