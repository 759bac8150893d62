// Before anything starts: whether this machine can hold a kind cluster, number by number. Pure.
import { CodedError } from '../coded-error.ts';
import type { MachineFacts } from './machine.ts';

export interface Finding {
  /** `grave`: it would not work. `aviso`: it may, and one should know. */
  level: 'bien' | 'aviso' | 'grave';
  /** What was looked at, and its number. */
  title: string;
  /** For what is not `bien`. */
  code?: string;
  means?: string;
  cure?: string;
}

export interface Preflight {
  findings: Finding[];
  /** How many nodes suit this machine. */
  nodes: 1 | 3;
}

const gigabyte = 1024 ** 3;

/** `published`: ports that the cluster takes on this machine. Of other busy ports it is only said that they are. */
export function preflight(machine: MachineFacts, published: readonly number[]): Preflight {
  const small = machine.cpus < 4 || machine.memory < 7.5 * gigabyte;
  return {
    nodes: small ? 1 : 3,
    findings: [
      cpus(machine),
      memory(machine),
      ...disk(machine),
      ...cgroup(machine),
      ...inotify(machine),
      ports(machine, published),
      ...otherPorts(machine, published),
      ...rootless(machine),
      ...remote(machine),
      ...wsl(machine),
      ...proxies(machine),
    ],
  };
}

/** Of the first thing that makes it impossible; undefined when nothing does. */
export function impossible({ findings }: Preflight): CodedError | undefined {
  const grave = findings.filter(({ level }) => level === 'grave');
  const [first] = grave;
  if (!first?.code) return undefined;
  const others =
    grave.length > 1
      ? ` Y hay más: ${grave
          .slice(1)
          .map((f) => f.title)
          .join('; ')}.`
      : '';
  return new CodedError({
    code: first.code,
    happened: `Esta máquina no puede con el clúster. ${first.title}. ${first.means ?? ''}${others}`,
    expected: 'Una comprobación previa sin nada grave.',
    todo: `${first.cure ?? ''} «malla kind comprobar» lo dice todo.`,
  });
}

function cpus({ cpus }: MachineFacts): Finding {
  const title = `Procesadores: ${cpus}`;
  if (cpus >= 4) return { level: 'bien', title };
  if (cpus >= 2)
    return {
      level: 'aviso',
      title: `${title} (mejor 4)`,
      code: 'MALLA-KND-08',
      means: 'Con tres nodos, Istio y Bookinfo, todo irá despacio.',
      cure: 'Se crea un solo nodo; con --nodos 3 son tres.',
    };
  return {
    level: 'grave',
    title: `${title} (hacen falta 2)`,
    code: 'MALLA-KND-08',
    means: 'El plano de control de Kubernetes ya necesita más.',
    cure: 'Da más procesadores a la máquina o a Docker Desktop, o sigue con el clúster embebido.',
  };
}

function memory({ memory, freeMemory }: MachineFacts): Finding {
  const free = freeMemory === undefined ? '' : `, ${gigabytes(freeMemory)} libres`;
  const title = `Memoria: ${gigabytes(memory)}${free}`;
  if (memory < 3.5 * gigabyte)
    return {
      level: 'grave',
      title: `${title} (hacen falta 4 GB)`,
      code: 'MALLA-KND-08',
      means: 'Un nodo con Istio y Bookinfo ocupa cerca de 3 GB.',
      cure: 'Da más memoria a la máquina o a Docker Desktop, o sigue con el clúster embebido.',
    };
  if (memory < 7.5 * gigabyte || (freeMemory !== undefined && freeMemory < 3 * gigabyte))
    return {
      level: 'aviso',
      title: `${title} (mejor 8 GB, con 3 libres)`,
      code: 'MALLA-KND-08',
      means: 'Si se acaba, el sistema mata programas, y los pods caen sin motivo aparente.',
      cure: 'Cierra lo que no uses; crea un solo nodo con --nodos 1.',
    };
  return { level: 'bien', title };
}

function disk({ freeDisk }: MachineFacts): Finding[] {
  if (freeDisk === undefined) return [];
  const title = `Disco libre para imágenes: ${gigabytes(freeDisk)}`;
  if (freeDisk >= 12 * gigabyte) return [{ level: 'bien', title }];
  const means =
    'La imagen de los nodos ocupa 1 GB, y dentro se guardan las de Istio y las muestras. Con el disco lleno, los nodos echan a los pods.';
  const cure = 'Libera espacio: «docker system df» dice qué ocupa cada cosa.';
  const level = freeDisk < 5 * gigabyte ? 'grave' : 'aviso';
  return [{ level, title: `${title} (mejor 12 GB)`, code: 'MALLA-KND-10', means, cure }];
}

function cgroup({ runtime }: MachineFacts): Finding[] {
  if (runtime.cgroup === undefined) return [];
  const title = `Versión de cgroup: ${runtime.cgroup}`;
  if (runtime.cgroup === 2) return [{ level: 'bien', title }];
  return [
    {
      level: runtime.rootless ? 'grave' : 'aviso',
      title: `${title} (mejor la 2)`,
      code: 'MALLA-KND-11',
      means: runtime.rootless
        ? 'Sin ser root, los nodos necesitan cgroup 2 para repartir memoria y procesador.'
        : 'Kubernetes 1.35 y posteriores se niegan a arrancar con la 1; las anteriores solo avisan.',
      cure: 'Usa una distribución reciente, o arranca el sistema con «systemd.unified_cgroup_hierarchy=1».',
    },
  ];
}

function inotify({ inotify }: MachineFacts): Finding[] {
  if (!inotify) return [];
  const title = `Avisos de ficheros (inotify): ${inotify.instances} instancias, ${inotify.watches} avisos`;
  if (inotify.instances >= 512 && inotify.watches >= 524_288) return [{ level: 'bien', title }];
  return [
    {
      level: 'aviso',
      title: `${title} (mejor 512 y 524288)`,
      code: 'MALLA-KND-13',
      means: 'Con tres nodos se agotan: los pods fallan con «too many open files».',
      cure: '«sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288».',
    },
  ];
}

function ports({ busyPorts }: MachineFacts, published: readonly number[]): Finding {
  const busy = published.filter((port) => busyPorts.includes(port));
  if (busy.length === 0)
    return {
      level: 'bien',
      title: published.length > 0 ? `Puertos de entrada libres: ${published.join(', ')}` : 'Sin puertos publicados',
    };
  return {
    level: 'grave',
    title: `Puertos de entrada ocupados: ${busy.join(', ')}`,
    code: 'MALLA-KND-09',
    means: 'Por ellos se entra a la malla desde esta máquina, y los tiene otro programa.',
    cure: 'Cierra ese programa (otro clúster, quizá), o crea este sin publicar puertos, con --sin-puertos.',
  };
}

/** Malla does not need them; who follows other material may. */
function otherPorts({ busyPorts }: MachineFacts, published: readonly number[]): Finding[] {
  const others = busyPorts.filter((port) => !published.includes(port));
  if (others.length === 0) return [];
  return [{ level: 'bien', title: `Puertos ocupados que Malla no usa: ${others.join(', ')}` }];
}

function rootless({ runtime }: MachineFacts): Finding[] {
  if (!runtime.rootless) return [];
  return [
    {
      level: 'aviso',
      title: `${runtime.name} funciona sin root`,
      code: 'MALLA-KND-11',
      means: 'Los nodos necesitan que tu sesión tenga delegados los cgroups «cpu», «memory» y «pids».',
      cure: 'Sigue la página de kind sobre rootless (https://kind.sigs.k8s.io/docs/user/rootless/).',
    },
  ];
}

function remote({ runtime }: MachineFacts): Finding[] {
  if (runtime.remote === undefined) return [];
  return [
    {
      level: 'aviso',
      title: `${runtime.name} está en otra máquina: ${runtime.remote}`,
      code: 'MALLA-KND-16',
      means: 'Los puertos se abren allí, no aquí: la entrada de la malla no contestará en 127.0.0.1.',
      cure: 'Quita DOCKER_HOST para usar el de esta máquina, o une ese clúster con «malla kubeadm unir».',
    },
  ];
}

function wsl({ wsl, freeMemory }: MachineFacts): Finding[] {
  if (!wsl) return [];
  return [
    {
      level: 'aviso',
      title: 'Windows con WSL 2',
      code: 'MALLA-KND-16',
      means: `WSL se queda con la mitad de la memoria de Windows${freeMemory === undefined ? '' : ' y no siempre la devuelve'}; y al suspender, su reloj se atrasa y los certificados parecen del futuro.`,
      cure: 'Ajusta la memoria en .wslconfig. Tras suspender, «wsl --shutdown» y «malla kind arrancar».',
    },
  ];
}

function proxies({ proxies, noProxy }: MachineFacts): Finding[] {
  if (proxies.length === 0) return [];
  const names = proxies.map((p) => p.name).join(', ');
  const local = proxies.find(({ host }) => /^(127\.|localhost$|\[?::1)/.test(host));
  if (local)
    return [
      {
        level: 'aviso',
        title: `Proxy en esta misma máquina (${names})`,
        code: 'MALLA-KND-15',
        means: `kind da esa variable a los nodos, y para ellos ${local.host} son ellos mismos: no podrán bajar imágenes.`,
        cure: 'Pon en la variable la dirección de esta máquina en su red, o quítala para esta orden.',
      },
    ];
  return [
    {
      level: noProxy === '' ? 'aviso' : 'bien',
      title: `Proxy: ${names}${noProxy === '' ? ', sin NO_PROXY' : ''}`,
      ...(noProxy === ''
        ? {
            code: 'MALLA-KND-15',
            means:
              'kind da esas variables a los nodos y añade a NO_PROXY sus propias redes; lo demás pasará por el proxy.',
            cure: 'Si tu registro de imágenes está en tu red, añádelo a NO_PROXY.',
          }
        : {}),
    },
  ];
}

function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toLocaleString('es', { maximumFractionDigits: 1 })} GB`;
}
