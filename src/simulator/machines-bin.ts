// The process of the machines that are no cluster yet. Another program than the usual cluster's, which would keep in memory
// what only machines need: a kubectl, and all that it stands on.
import { startMachinesProcess } from './process/machines-process.ts';
import { main } from './process/main.ts';

await main({ machines: true, start: startMachinesProcess });
