// The program pilot-discovery inside istiod: `pilot-discovery request GET /debug/syncz` asks its own debug pages.
import type { ExecStreams } from '../../contract.ts';
import type { ControlPlane } from './control-plane.ts';
import { monitoringPort } from './monitoring-port.ts';
import { ISTIO_REVISION } from './release.ts';

export function pilotDiscovery(
  plane: ControlPlane,
): (argv: readonly string[], streams: ExecStreams) => Promise<number> {
  return async (argv, { stdout, stderr }) => {
    // exec gives the arguments with or without the program's own name before them.
    const words = argv[0]?.endsWith('pilot-discovery') ? argv.slice(1) : argv;
    const [command = '', method = '', path = ''] = words.filter((word) => !word.startsWith('-'));
    if (command === 'version') {
      stdout(`${plane.version}-${ISTIO_REVISION}-Clean\n`);
      return 0;
    }
    if (command !== 'request') {
      stderr(`Error: unknown command "${command}" for "pilot-discovery"\n`);
      return 1;
    }
    if (method.toUpperCase() !== 'GET' || path === '') {
      stderr('Error: only GET requests are answered here\n');
      return 1;
    }
    const request = {
      method: 'GET',
      path: `/${path.replace(/^\//, '')}`,
      authority: '127.0.0.1:8080',
      headers: {},
      body: '',
    };
    const { status, body } = monitoringPort(plane, request);
    if (status !== 200) {
      stderr(`Error: received unsuccessful status code ${status}: ${Buffer.from(body).toString()}\n`);
      return 1;
    }
    stdout(Buffer.from(body));
    stdout('\n');
    return 0;
  };
}
