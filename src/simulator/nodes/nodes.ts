// The nodes of the cluster at work: the scheduler that fills them and the kubelets that run what it gives them.
import { type NodesOptions, startKubelets } from './kubelets.ts';
import { startScheduler } from './scheduler.ts';

/** Returns the stop: programs end, what is stored stays, and the next start takes it up from there. */
export function startNodes(options: NodesOptions): () => void {
  const stopKubelets = startKubelets(options);
  const stopScheduler = startScheduler(options.registry, options.clock, options.delays.schedule);
  return () => {
    stopScheduler();
    stopKubelets();
  };
}
