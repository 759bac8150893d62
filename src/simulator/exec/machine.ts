// The machine of one container: its files, environment and programs.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext, RunningContainer } from '../contract.ts';
import { createContainerFiles } from './container-files.ts';
import { imageFacts } from './image-facts.ts';
import type { Mount } from './mounted-folders.ts';
import type { Machine } from './program.ts';
import { findProgram } from './programs/programs.ts';

export function createMachine(
  pod: KubeObject,
  container: string,
  running: RunningContainer,
  context: ContainerContext | undefined,
  mounts: readonly Mount[] = [],
): Machine {
  const image = imageFacts(context?.image ?? '', container);
  const hostname = context?.env.HOSTNAME ?? pod.metadata.name;
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: image.home,
    ...context?.env,
  };
  return {
    pod,
    hostname,
    image,
    files: createContainerFiles(pod, hostname, image, context, mounts),
    env,
    context,
    program(path) {
      const name = path.includes('/') ? nameIn(path) : path;
      if (name === undefined) return undefined;
      const own = running.programs && Object.hasOwn(running.programs, name) ? running.programs[name] : undefined;
      return own ?? (image.programs.has(name) ? findProgram(name) : undefined);
    },
  };
}

/** Programs are where programs are, and nowhere else. */
function nameIn(path: string): string | undefined {
  return /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/.exec(path)?.[1];
}
