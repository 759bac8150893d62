import { hash } from 'node:crypto';

/** The full name as containerd writes it: registry, repository and tag. */
export function fullImageName(image: string): string {
  const slash = image.indexOf('/');
  const host = slash < 0 ? '' : image.slice(0, slash);
  const hasRegistry = host.includes('.') || host.includes(':') || host === 'localhost';
  const path = hasRegistry ? image : `docker.io/${slash < 0 ? 'library/' : ''}${image}`;
  const hasTag = path.includes('@') || path.lastIndexOf(':') > path.lastIndexOf('/');
  return hasTag ? path : `${path}:latest`;
}

/** The same for the same image, on every node. */
export function imageId(image: string): string {
  let id = ids.get(image);
  if (id === undefined) {
    id = `sha256:${hash('sha256', fullImageName(image))}`;
    if (ids.size >= MOST_IDS) ids.clear();
    ids.set(image, id);
  }
  return id;
}

/** Of one run of a container: `containerd://` and 64 hexadecimal digits, the same for the same name. */
export function containerId(name: string): string {
  return `containerd://${hash('sha256', name)}`;
}

/** Thousands of pods are of a few images. */
const ids = new Map<string, string>();
const MOST_IDS = 1_000;

/** Bytes; made up from the name, between 20 and 148 MB. */
export function imageSize(image: string): number {
  return 20_000_000 + (Number.parseInt(imageId(image).slice(7, 15), 16) % 128_000_000);
}

export function defaultPullPolicy(image: string): string {
  return fullImageName(image).endsWith(':latest') ? 'Always' : 'IfNotPresent';
}

/** What containerd answers for an image that no registry has. */
export function notFoundError(image: string): string {
  const name = fullImageName(image);
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`;
}
