// Where the labs of this call are done: anywhere on the cluster, or in the namespace that its student was given.
import type { Command } from 'commander';
import { readChosen, stayOf } from '../cluster/chosen.ts';
import { mallaHome } from '../cluster/home.ts';
import type { Place } from '../labs/place/place.ts';
import type { Host, Invocation } from './host.ts';

/** Set for this call, and those it makes, when it names a cluster by itself. */
const anotherCluster = 'MALLA_OTRO_CLUSTER';

/** After the other verbs are there. */
export function heedKubeconfigOption(program: Command, { host }: Invocation): void {
  program.hook('preAction', (_program, verb) => {
    if (verb.opts<{ kubeconfig?: string }>().kubeconfig !== undefined) host.env[anotherCluster] = '1';
  });
}

/** Undefined: anywhere. Rejects with CodedError when what was chosen cannot be read. */
export async function readPlace(host: Pick<Host, 'env'>): Promise<Place | undefined> {
  if (host.env[anotherCluster]) return undefined;
  return stayOf(await readChosen(mallaHome(host.env)));
}
