// The program pilot-agent inside istio-proxy: `pilot-agent request GET stats` asks Envoy's admin page.
import type { ExecStreams } from '../../contract.ts';
import { ISTIO_REVISION, tagOf } from '../debug/release.ts';
import type { EnvoyAdmin } from './envoy-admin.ts';

const METHODS = new Set(['GET', 'POST', 'PUT', 'HEAD']);

export function pilotAgent(
  image: string,
  admin: EnvoyAdmin,
): (argv: readonly string[], streams: ExecStreams) => Promise<number> {
  return async (argv, { stdout, stderr }) => {
    // exec gives the arguments with or without the program's own name before them.
    const words = argv[0]?.endsWith('pilot-agent') ? argv.slice(1) : argv;
    const [command, ...rest] = words.filter((word) => !word.startsWith('--'));
    if (command === 'request') return request(rest, admin, stdout, stderr);
    if (command === 'version') {
      const version = tagOf(image);
      const short = words.includes('--short') || words.includes('-s');
      stdout(
        short
          ? `${version}-${ISTIO_REVISION}-Clean\n`
          : `version.BuildInfo{Version:"${version}", GitRevision:"${ISTIO_REVISION}", BuildStatus:"Clean", GitTag:"${version}"}\n`,
      );
      return 0;
    }
    stderr(`Error: unknown command "${command ?? ''}" for "pilot-agent"\n`);
    return 255;
  };
}

function request(
  argv: readonly string[],
  admin: EnvoyAdmin,
  stdout: ExecStreams['stdout'],
  stderr: ExecStreams['stderr'],
): number {
  const [method = '', path = ''] = argv;
  if (argv.length < 2 || !METHODS.has(method.toUpperCase())) {
    stderr(`Error: requires at least 2 arg(s), only received ${argv.length}\n`);
    return 255;
  }
  const reply = admin({ method: method.toUpperCase(), path: `/${path.replace(/^\//, '')}` });
  if (reply.status !== 200) {
    stderr(`Error: received unsuccessful status code ${reply.status}: ${Buffer.from(reply.body).toString()}\n`);
    return 255;
  }
  stdout(Buffer.from(reply.body));
  stdout('\n');
  return 0;
}
