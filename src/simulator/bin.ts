// The process of the embedded cluster.
import { main } from './process/main.ts';
import { startSimulator } from './simulator.ts';

await main({ machines: false, start: (_folder, options) => startSimulator(options) });
