// What a program sees inside one container: files, environment, other programs.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext, RunningContainer } from '../contract.ts';
import { createContainerFiles } from './container-files.ts';
import type { Files } from './files.ts';
import { type ImageFacts, imageFacts } from './image-facts.ts';
import type { Program } from './program.ts';
import { findProgram } from './programs/programs.ts';

export interface Machine {
  pod: KubeObject;
  hostname: string;
  image: ImageFacts;
  files: Files;
  env: Readonly<Record<string, string>>;
  /** Undefined for containers of the cluster itself. */
  context: ContainerContext | undefined;
  /** Undefined: no such file. */
  program(name: string): Program | undefined;
}

export function createMachine(
  pod: KubeObject,
  container: string,
  running: RunningContainer,
  context: ContainerContext | undefined,
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
    files: createContainerFiles(pod, hostname, image, context),
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
