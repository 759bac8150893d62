// malla istio extras: Prometheus, Grafana, Jaeger and Kiali on the cluster in use, and their pages on this machine.
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Cluster } from '../../cluster/contract.ts';
import { chosenAddons, installAddon, openPage } from '../../cluster/istio-setup/addons.ts';
import { readKubeconfig } from '../../cluster/kubeconfig.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import type { Host, Invocation } from '../host.ts';
import { minutes } from '../minutes.ts';

interface AddonFlags extends AccessOptions {
  json?: boolean;
  oficiales?: string;
  plazo: number;
  abrir?: boolean;
  soloAbrir?: boolean;
  si?: boolean;
}

export function addAddons(istio: Command, { host }: Invocation): void {
  withAccessOptions(istio.command('extras'))
    .description('pone Prometheus, Grafana, Jaeger y Kiali, espera a que estén listos y abre sus páginas aquí')
    .argument('[EXTRA...]', 'solo esos: prometheus, grafana, jaeger, kiali')
    .option(
      '--oficiales <CARPETA>',
      'usa los manifiestos de samples/addons de una versión de Istio, en vez de los de Malla',
    )
    .option('--abrir', 'deja sus páginas en puertos de esta máquina hasta que pulses Ctrl-C')
    .option('--solo-abrir', 'lo mismo, sin instalar nada')
    .option('--plazo <MINUTOS>', 'cuánto se espera como mucho a cada uno', minutes, 5)
    .option(...yesOption)
    .option('--json', 'una línea de JSON')
    .action(async (names: string[], options: AddonFlags) => {
      const chosen = chosenAddons(names);
      const cluster = await reachCluster(host, options);
      const { client } = cluster;
      if (!options.soloAbrir) {
        const list = chosen.map((a) => a.name).join(', ');
        if (!(await askYes(host, `¿Pongo ${list} en el espacio istio-system?`, options))) return;
        const folder = options.oficiales ? resolve(host.cwd, options.oficiales) : join(host.root, 'samples', 'addons');
        for (const addon of chosen) {
          const told = options.json ? host.stderr : host.stdout;
          told.write(`${addon.name}: ${addon.what}\n`);
          const onProgress = (line: string): void => void told.write(`  ${line}\n`);
          await installAddon(addon, folder, {
            client,
            deadline: options.plazo * 60_000,
            signal: host.signal,
            onProgress,
          });
        }
        if (options.json) writeJson(host, { installed: chosen.map((a) => a.name) });
      }
      if (options.abrir || options.soloAbrir) await holdPages(host, cluster, chosen, options);
    });
}

async function holdPages(
  host: Host,
  { client, access }: Cluster,
  chosen: ReturnType<typeof chosenAddons>,
  { json }: AddonFlags,
): Promise<void> {
  const way = await readKubeconfig(access.kubeconfig);
  const pages = [];
  for (const addon of chosen) pages.push(await openPage(addon, client, way, host.signal));
  if (json) writeJson(host, { open: pages.map(({ addon, url }) => ({ name: addon.name, url })) });
  else {
    for (const { addon, url } of pages) host.stdout.write(`  ${addon.name}: ${url}\n`);
    host.stdout.write('Abiertos hasta que pulses Ctrl-C.\n');
  }
  if (host.signal.aborted) return;
  // The ports do not keep the process alive by themselves.
  const alive = setInterval(() => {}, 60_000);
  await new Promise<void>((done) => host.signal.addEventListener('abort', () => done(), { once: true }));
  clearInterval(alive);
}

function writeJson(host: Host, value: unknown): void {
  host.stdout.write(`${JSON.stringify(value)}\n`);
}
