// Which container of a pod a subresource is about.
import type { KubeObject } from '../../../../mesh/objects.ts';
import { badRequest } from '../../errors.ts';

interface Containers {
  initContainers?: { name: string }[];
  containers?: { name: string }[];
  ephemeralContainers?: { name: string }[];
}

/** The one that is asked for, or the only one. Throws 400 in the API server's words. */
export function chooseContainer(pod: KubeObject, asked: string): string {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = (pod.spec ?? {}) as Containers;
  if (asked !== '') {
    if ([...initContainers, ...containers, ...ephemeralContainers].some((c) => c.name === asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const names = containers.map((c) => c.name);
  if (names.length === 1 && names[0] !== undefined) return names[0];
  const among = `[${names.join(' ')}]`;
  const inits =
    initContainers.length > 0 ? ` or one of the init containers: [${initContainers.map((c) => c.name).join(' ')}]` : '';
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, choose one of: ${among}${inits}`);
}
