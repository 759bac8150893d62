// `malla kind herramientas`: which programs are there, where to get the others and, with a clear yes, bringing them.
import { type Command, InvalidArgumentError } from 'commander';
import { mallaHome } from '../../cluster/home.ts';
import { pages } from '../../cluster/kind/errors.ts';
import { runtimeNames } from '../../cluster/kind/tools.ts';
import { downloadTool } from '../../cluster/programs/download/download-tool.ts';
import { noRelease } from '../../cluster/programs/download/errors.ts';
import { type Downloadable, downloadable, type Release, releaseOf } from '../../cluster/programs/download/releases.ts';
import { findProgram, toolsFolder } from '../../cluster/programs/find-program.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import type { Host } from '../host.ts';

interface Options {
  bajar?: Downloadable[];
  si?: boolean;
  json?: boolean;
}

export function toolsVerb(kind: Command, host: Host): void {
  kind
    .command('herramientas')
    .description(
      'qué programas hay y de dónde se consiguen los que faltan; con tu permiso, baja kind, kubectl o istioctl',
    )
    .option('--bajar <PROGRAMAS>', 'los que hay que bajar, separados por comas: kind, kubectl, istioctl', readNames)
    .option(...yesOption)
    .option('--json', 'una línea de JSON')
    .action(async (options: Options) => {
      const brought = await bring(host, options);
      const found = await look(host);
      if (options.json) return void host.stdout.write(`${JSON.stringify({ tools: found, downloaded: brought })}\n`);
      for (const { name, path, page, own } of found)
        host.stdout.write(
          path ? `✔ ${name}  ${path}\n` : `✘ ${name}  ${own ? 'Malla usa el suyo; ' : ''}se consigue en ${page}\n`,
        );
    });
}

interface Found {
  name: string;
  path?: string;
  page: string;
  /** Malla has one of its own that does for the labs. */
  own: boolean;
}

async function look(host: Host): Promise<Found[]> {
  const places = { env: host.env, home: mallaHome(host.env) };
  const wanted = [
    { name: 'kind', page: pages.kind, own: false },
    ...runtimeNames.map((name) => ({
      name,
      page: name === 'docker' ? pages.docker : `https://${name}.io`,
      own: false,
    })),
    { name: 'kubectl', page: pages.kubectl, own: true },
    { name: 'istioctl', page: pages.istioctl, own: true },
  ];
  const paths = await Promise.all(wanted.map(({ name }) => findProgram(name, places)));
  return (
    wanted
      .map((each, i) => ({ ...each, ...(paths[i] === undefined ? {} : { path: paths[i] }) }))
      // One of the three is enough.
      .filter(({ name, path }) => path !== undefined || !['podman', 'nerdctl'].includes(name))
  );
}

/** Says what it would bring, from where and with which sum before it asks. */
async function bring(host: Host, { bajar = [], si = false }: Options): Promise<string[]> {
  if (bajar.length === 0) return [];
  const home = mallaHome(host.env);
  const releases = bajar.map((name) => ({ name, release: releaseFor(name) }));
  for (const { name, release } of releases)
    host.stderr.write(`${name} ${release.version}\n  de ${release.url}\n  SHA-256 ${release.sha256}\n`);
  if (!(await askYes(host, `¿Lo bajo a ${toolsFolder(home)}?`, { si }))) return [];
  const paths: string[] = [];
  for (const { name, release } of releases) {
    host.stderr.write(`Bajando ${name}…\n`);
    paths.push(await downloadTool({ home, name, release, signal: host.signal, onProgress: progressTo(host) }));
  }
  return paths;
}

function releaseFor(name: Downloadable): Release {
  const release = releaseOf(name, process);
  if (!release) throw noRelease(name, `${process.platform} ${process.arch}`, pages[name]);
  return release;
}

function progressTo(host: Host): (bytes: number, total: number | undefined) => void {
  let told = 0;
  return (bytes, total) => {
    if (total === undefined) return;
    const tenth = Math.floor((10 * bytes) / total);
    if (tenth > told) host.stderr.write(`[${String(tenth * 10).padStart(3)} %]\n`);
    told = tenth;
  };
}

function readNames(text: string): Downloadable[] {
  return text.split(',').map((word) => {
    const name = downloadable.find((each) => each === word.trim());
    if (!name) throw new InvalidArgumentError(`Solo se bajan ${downloadable.join(', ')}.`);
    return name;
  });
}
