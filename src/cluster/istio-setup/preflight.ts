// Whether Istio can be installed on a cluster, and what would go wrong: facts in, findings out.

import type { ClusterView, Resources } from './cluster-view.ts';
import { aviso, bien, type Finding, impide } from './finding.ts';
import { otherMeshes } from './other-meshes.ts';
import { compareMinors, kubernetesMinor, minorOf, releaseOf, releasesFor } from './releases.ts';

/** What Istio's demo profile, Bookinfo with its sidecars and the addons ask for, and a little air. */
const enough: Resources = { cpu: 1.5, memory: 2 * 2 ** 30 };
/** Under this not even istiod and a gateway of reduced size find room. */
const least: Resources = { cpu: 0.3, memory: 512 * 2 ** 20 };

/** In the order in which they are told. `version` is of the Istio that would be installed, e.g. `1.30.3`. */
export function preflight(view: ClusterView, version: string): Finding[] {
  return [
    ...kubernetesVersion(view, version),
    ...nodes(view),
    ...room(view),
    ...ambient(view),
    ...otherMeshes(view),
    ...present(view, version),
    ...leftovers(view),
    ...webhooks(view),
    ...crds(view, version),
  ];
}

export function isRefused(findings: readonly Finding[]): boolean {
  return findings.some((f) => f.level === 'impide');
}

/** What the nodes that take ordinary pods have and no pod has asked for. */
export function roomOf({ nodes: all }: Pick<ClusterView, 'nodes'>): Resources {
  const room = { cpu: 0, memory: 0 };
  for (const [, nodes] of Map.groupBy(
    all.filter((n) => n.usable),
    (n) => n.machine,
  )) {
    for (const what of ['cpu', 'memory'] as const) {
      const has = Math.max(...nodes.map((n) => n.has[what]));
      room[what] += Math.max(0, has - nodes.reduce((sum, n) => sum + n.asked[what], 0));
    }
  }
  return room;
}

/** Then the installation asks for less. */
export function isSmall(view: Pick<ClusterView, 'nodes'>): boolean {
  const { cpu, memory } = roomOf(view);
  return cpu < enough.cpu || memory < enough.memory;
}

function kubernetesVersion({ serverVersion }: ClusterView, version: string): Finding[] {
  const release = releaseOf(version);
  const minor = kubernetesMinor(serverVersion);
  if (!release) {
    return [
      impide(
        'MALLA-IST-02',
        `Malla no conoce la versión ${version} de Istio.`,
        'Usa una de la 1.24 a la 1.32, con --version.',
      ),
    ];
  }
  if (minor === undefined)
    return [
      aviso(
        'MALLA-IST-01',
        `No se entiende la versión de Kubernetes «${serverVersion}».`,
        'Comprueba la tabla de versiones de Istio.',
      ),
    ];
  const { from, to } = release.kubernetes;
  const range = `Istio ${release.version} vale para Kubernetes 1.${from} a 1.${to}`;
  const fitting = releasesFor(minor).map((r) => r.version);
  const cure = fitting.length > 0 ? `Para este clúster: Istio ${fitting.join(', ')}.` : 'Actualiza Kubernetes.';
  if (minor < from) return [impide('MALLA-IST-01', `${range}, y este clúster es ${serverVersion}.`, cure)];
  if (minor > to) return [aviso('MALLA-IST-01', `${range}; este clúster, ${serverVersion}, es más nuevo.`, cure)];
  return [bien(`${range}; este es ${serverVersion}.`)];
}

function nodes({ nodes: all }: ClusterView): Finding[] {
  const usable = all.filter((n) => n.usable);
  if (usable.length === 0)
    return [impide('MALLA-IST-03', 'Ningún nodo acepta pods.', 'Mira «kubectl get nodes» y «kubectl describe node».')];
  const strange = usable.filter((n) => n.architecture !== 'amd64' && n.architecture !== 'arm64');
  if (strange.length > 0) {
    const names = strange.map((n) => `${n.name} (${n.architecture || 'desconocida'})`).join(', ');
    return [
      aviso(
        'MALLA-IST-04',
        `Hay nodos de otra arquitectura: ${names}.`,
        'Las imágenes del curso existen para amd64 y arm64.',
      ),
    ];
  }
  return [bien(`${usable.length === 1 ? 'Un nodo acepta' : `${usable.length} nodos aceptan`} pods.`)];
}

function room(view: ClusterView): Finding[] {
  const { cpu, memory } = roomOf(view);
  const free = `${number(cpu)} CPU y ${number(memory / 2 ** 30)} GiB sin pedir`;
  if (!view.nodes.some((n) => n.usable)) return [];
  if (cpu < least.cpu || memory < least.memory)
    return [
      impide(
        'MALLA-IST-05',
        `En los nodos quedan ${free}: Istio no cabe.`,
        'Borra lo que no uses («malla limpiar») o da más recursos a los nodos.',
      ),
    ];
  if (isSmall(view))
    return [
      aviso(
        'MALLA-IST-05',
        `En los nodos quedan ${free}: Istio se instala pidiendo menos.`,
        'Con los extras y Bookinfo puede quedarse corto: 1,5 CPU y 2 GiB van sobrados.',
      ),
    ];
  return [bien(`En los nodos quedan ${free}.`)];
}

/** With ambient, ztunnel carries the traffic that the course expects in sidecars. */
function ambient({ daemonSets, namespaces }: ClusterView): Finding[] {
  const ztunnel = daemonSets.find((name) => name.endsWith('/ztunnel'));
  const marked = namespaces.filter((n) => n.labels['istio.io/dataplane-mode'] === 'ambient').map((n) => n.name);
  if (!ztunnel && marked.length === 0) return [];
  const seen = [ztunnel && `DaemonSet ${ztunnel}`, marked.length > 0 && `espacios ${marked.join(', ')}`].filter(
    Boolean,
  );
  return [
    impide(
      'MALLA-IST-06',
      `El clúster usa el modo ambient (${seen.join('; ')}).`,
      'El curso es de sidecars: usa otro clúster, o quita antes el modo ambient si es tuyo.',
    ),
  ];
}

function present({ istiods }: ClusterView, version: string): Finding[] {
  const [istiod, another] = istiods;
  if (!istiod) return [];
  if (another) {
    const names = istiods.map((i) => `${i.namespace}/${i.name} (${i.revision}, ${i.version})`).join(', ');
    return [
      impide(
        'MALLA-IST-07',
        `Hay varios planos de control de Istio: ${names}.`,
        'El curso necesita uno solo: usa otro clúster.',
      ),
    ];
  }
  const where = `Istio ${istiod.version} ya está en ${istiod.namespace}`;
  if (istiod.namespace !== 'istio-system')
    return [impide('MALLA-IST-07', `${where}.`, 'El curso lo espera en istio-system: usa otro clúster.')];
  const [now, wanted] = [minorOf(istiod.version), minorOf(version)];
  if (!now || !wanted || now === wanted) return [bien(`${where}.`)];
  const steps = compareMinors(wanted, now);
  if (steps === 1)
    return [
      aviso(
        'MALLA-IST-08',
        `${where}: se actualizaría a ${version}.`,
        'Los pods con sidecar se renuevan después con «kubectl rollout restart».',
      ),
    ];
  return [
    impide(
      'MALLA-IST-08',
      `${where}, y se pide ${version}.`,
      steps > 0
        ? 'Istio se actualiza de una versión menor en una: sube antes a la siguiente, o quítalo.'
        : 'Volver a una versión anterior no se puede: quítalo antes («istioctl uninstall --purge»), o pide la que hay.',
    ),
  ];
}

/** Of releases that had an operator, Mixer or separate components. */
const oldDeployments =
  /\/(istio-operator|istio-pilot|istio-galley|istio-citadel|istio-policy|istio-telemetry|istio-sidecar-injector)(-|$)/;
const oldCrds = /^(istiooperators\.install|(policies|meshpolicies)\.authentication|.*\.rbac|.*\.config)\.istio\.io$/;

function leftovers({ crds: all, deployments, namespaces }: ClusterView): Finding[] {
  const found: Finding[] = [];
  const old = [
    ...deployments.filter((d) => oldDeployments.test(d)),
    ...all.filter((c) => oldCrds.test(c.name)).map((c) => `CRD ${c.name}`),
  ];
  if (old.length > 0) {
    found.push(
      aviso(
        'MALLA-IST-09',
        `Quedan restos de un Istio antiguo: ${some(old)}.`,
        'No estorban a los CRD de hoy, pero un istio-operator puede deshacer la instalación: bórralo antes.',
      ),
    );
  }
  if (namespaces.some((n) => n.name === 'istio-system' && n.terminating)) {
    found.push(
      impide(
        'MALLA-IST-10',
        'El espacio istio-system se está borrando.',
        'Espera a que desaparezca; si no acaba, mira qué lo retiene con «kubectl get namespace istio-system -o yaml».',
      ),
    );
  }
  return found;
}

function webhooks({ webhooks: all, istiods }: ClusterView): Finding[] {
  const lost = all.filter((w) => !w.answered);
  // istiod's own come back with it.
  const istios = lost.filter((w) => w.service.endsWith('/istiod') || /istio/.test(w.configuration));
  const others = lost.filter((w) => !istios.includes(w));
  const found: Finding[] = [];
  if (istios.length > 0 && istiods.length === 0) {
    const names = [...new Set(istios.map((w) => w.configuration))];
    found.push(
      aviso(
        'MALLA-IST-11',
        `Hay webhooks de un Istio que ya no está: ${some(names)}.`,
        'Si no se puede crear ningún pod ni ninguna regla, bórralos: «kubectl delete mutatingwebhookconfiguration» o «validatingwebhookconfiguration» y su nombre.',
      ),
    );
  }
  const stopping = [
    ...new Set(others.filter((w) => w.failurePolicy === 'Fail').map((w) => `${w.configuration} (${w.service})`)),
  ];
  if (stopping.length > 0) {
    found.push(
      aviso(
        'MALLA-IST-12',
        `Hay webhooks a los que nadie contesta y que pueden parar la instalación: ${some(stopping)}.`,
        'Pon en marcha su servicio, o borra su configuración si es un resto.',
      ),
    );
  }
  return found;
}

function crds({ crds: all }: ClusterView, version: string): Finding[] {
  const own = all.filter((c) => /(^|\.)(networking|security|telemetry|extensions)\.istio\.io$/.test(`.${c.group}`));
  if (own.length === 0) return [];
  const rules = own.find((c) => c.name === 'virtualservices.networking.istio.io');
  if (rules && !rules.versions.includes('v1')) {
    return [
      aviso(
        'MALLA-IST-13',
        `Los CRD de Istio son de antes de la 1.22: no sirven networking.istio.io/v1 (${rules.versions.join(', ')}).`,
        `Los de Istio ${version} los sustituyen al instalar; tus objetos se conservan.`,
      ),
    ];
  }
  const expected = releaseOf(version)?.crds;
  if (expected !== undefined && own.length !== expected) {
    return [
      aviso(
        'MALLA-IST-13',
        `Hay ${own.length} CRD de Istio, y los de ${version} son ${expected}: son de otra versión.`,
        'Al instalar se ponen los de esa versión; los que sobren se quedan.',
      ),
    ];
  }
  return [];
}

function some(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} y ${names.length - 4} más` : names.join(', ');
}

function number(value: number): string {
  return new Intl.NumberFormat('es-ES', { maximumFractionDigits: 1 }).format(value);
}
