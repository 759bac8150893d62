// Levels of Envoy's log: shown, or changed as `--level` says.
import { ToolError } from '../../tool.ts';

const LEVELS = new Set(['trace', 'debug', 'info', 'warning', 'warn', 'error', 'critical', 'off', 'none']);

/** `level` is `debug`, or `http:debug,router:info`. Resolves with the list of all loggers. */
export async function changeLevels(
  post: (path: string) => Promise<string>,
  level: string | undefined,
  reset: boolean,
): Promise<string> {
  if (reset) return post('logging?level=warning');
  if (level === undefined) return post('logging');
  const pairs = level
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .map((part) => part.split(/[:=]/));
  for (const pair of pairs) {
    const wanted = pair.at(-1) ?? '';
    if (!LEVELS.has(wanted)) throw new ToolError(`unrecognized logging level: ${wanted}`);
  }
  const [only] = pairs;
  if (pairs.length === 1 && only?.length === 1) return post(`logging?level=${envoyLevel(only[0] ?? '')}`);
  const paths = pairs.map(([name = '', wanted = '']) => `${encodeURIComponent(name)}:${envoyLevel(wanted)}`);
  return post(`logging?paths=${paths.join(',')}`);
}

function envoyLevel(level: string): string {
  if (level === 'none') return 'off';
  return level === 'warn' ? 'warning' : level;
}
