// The nodes of the cluster at work: the scheduler that fills them and the kubelets that run what it gives them.
import type { Clock, Delays, LogBook, PodNetwork, Registry, WorkloadModel } from '../contract.ts';
import { startKubelets } from './kubelets.ts';
import { startScheduler } from './scheduler.ts';

export interface NodesOptions {
  registry: Registry;
  clock: Clock;
  delays: Delays;
  network: PodNetwork;
  logs: LogBook;
  /** Undefined when no registry has the image. */
  models(image: string): WorkloadModel | undefined;
  random?: () => number;
}

/** Returns the stop: programs end, what is stored stays, and the next start takes it up from there. */
export function startNodes(options: NodesOptions): () => void {
  const stopKubelets = startKubelets(options);
  const stopScheduler = startScheduler(options.registry, options.clock, options.delays.schedule);
  return () => {
    stopScheduler();
    stopKubelets();
  };
}
