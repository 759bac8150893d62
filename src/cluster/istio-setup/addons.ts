// Prometheus, Grafana, Kiali and Jaeger: which manifest, what of it has to run, and where its page is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError } from '../cluster-error.ts';
import { CodedError } from '../coded-error.ts';
import type { KubeClient } from '../contract.ts';
import { type ForwardedPort, forwardPort, type PodPort } from '../entry/port-forward.ts';
import type { WayIn } from '../kubeconfig.ts';
import { managedLabel } from '../managed-label.ts';
import { type ApplyOptions, applyManifests } from './apply-manifests.ts';

export interface Addon {
  name: string;
  /** In samples/addons, of Malla or of a release of Istio. */
  file: string;
  /** Spanish. */
  what: string;
  /** Labels of its pods, port and path of its page. Both manifests agree in these. */
  page: { selector: string; port: number; path: string };
}

export const addons: readonly Addon[] = [
  {
    name: 'prometheus',
    file: 'prometheus.yaml',
    what: 'recoge y guarda las métricas',
    page: { selector: 'app.kubernetes.io/name=prometheus', port: 9090, path: '/' },
  },
  {
    name: 'grafana',
    file: 'grafana.yaml',
    what: 'dibuja las métricas en paneles',
    page: { selector: 'app.kubernetes.io/name=grafana', port: 3000, path: '/' },
  },
  {
    name: 'jaeger',
    file: 'jaeger.yaml',
    what: 'guarda y enseña las trazas',
    page: { selector: 'app=jaeger', port: 16_686, path: '/jaeger/search' },
  },
  {
    name: 'kiali',
    file: 'kiali.yaml',
    what: 'dibuja el grafo de la malla',
    page: { selector: 'app.kubernetes.io/name=kiali', port: 20_001, path: '/kiali' },
  },
];

const namespace = 'istio-system';

/** All when none is named. Throws MALLA-IST-26 for a name that is none. */
export function chosenAddons(names: readonly string[]): Addon[] {
  if (names.length === 0) return [...addons];
  return names.map((name) => {
    const found = addons.find((a) => a.name === name);
    if (found) return found;
    throw new CodedError({
      code: 'MALLA-IST-26',
      happened: `No hay ningún extra «${name}».`,
      expected: `Uno de estos: ${addons.map((a) => a.name).join(', ')}.`,
      todo: 'Escribe bien su nombre, o ninguno para ponerlos todos.',
    });
  });
}

/** From `folder`; with Malla's label on each object. Rejects with CodedError or ClusterError. */
export async function installAddon(addon: Addon, folder: string, options: ApplyOptions): Promise<void> {
  const path = join(folder, addon.file);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CodedError({
      code: 'MALLA-IST-27',
      happened: `No se puede leer ${path}.`,
      expected: 'La carpeta samples/addons de una versión de Istio.',
      todo: 'Comprueba la carpeta, o no pongas --oficiales para usar los manifiestos de Malla.',
      cause,
    });
  }
  await applyManifests(text, { ...options, labels: managedLabel });
}

export interface OpenPage extends ForwardedPort {
  addon: Addon;
  url: string;
}

/** Its page on a port of this machine, until `close` or the signal. Rejects with ClusterError when nothing of it runs. */
export async function openPage(addon: Addon, client: KubeClient, way: WayIn, signal: AbortSignal): Promise<OpenPage> {
  const { port, path } = addon.page;
  await readyPod(addon, client);
  const forwarded = await forwardPort({ way, target: () => readyPod(addon, client), wanted: [port, 0], signal });
  return { ...forwarded, addon, url: `http://127.0.0.1:${forwarded.port}${path}` };
}

async function readyPod({ name, page }: Addon, client: KubeClient): Promise<PodPort> {
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: page.selector });
  const pod = pods.find((p) => {
    const { conditions = [] } = (p.status ?? {}) as { conditions?: { type: string; status: string }[] };
    return (
      p.metadata.deletionTimestamp === undefined && conditions.some((c) => c.type === 'Ready' && c.status === 'True')
    );
  });
  if (!pod) throw new ClusterError('unreachable', `ningún pod de ${namespace}/${name} está listo`);
  return { namespace, pod: pod.metadata.name, port: page.port };
}
