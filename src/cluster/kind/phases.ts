// The phases of `kind create cluster`, known by what it writes, with their share of the whole and their deadlines.

export interface Phase {
  id: string;
  /** Spanish, what is being done. */
  title: string;
  /** Percent done when it begins. */
  from: number;
  /** Seconds it may take: a slow machine or network, not a stuck one. */
  deadline: number;
}

interface Sign extends Phase {
  /** Of kind's line. */
  sign: RegExp;
}

const signs: readonly Sign[] = [
  { id: 'inicio', sign: /^Creating cluster /, title: 'Empezando', from: 1, deadline: 60 },
  { id: 'imagen', sign: /Ensuring node image/, title: 'Consiguiendo la imagen de los nodos', from: 2, deadline: 1800 },
  { id: 'nodos', sign: /Preparing nodes/, title: 'Preparando los nodos', from: 30, deadline: 300 },
  {
    id: 'configuracion',
    sign: /Writing configuration/,
    title: 'Escribiendo la configuración',
    from: 45,
    deadline: 120,
  },
  { id: 'plano', sign: /Starting control-plane/, title: 'Arrancando el plano de control', from: 48, deadline: 600 },
  { id: 'red', sign: /Installing CNI/, title: 'Poniendo la red de pods', from: 70, deadline: 120 },
  { id: 'discos', sign: /Installing StorageClass/, title: 'Poniendo la clase de discos', from: 74, deadline: 120 },
  { id: 'union', sign: /Joining worker nodes/, title: 'Uniendo los nodos de trabajo', from: 77, deadline: 300 },
];

/** Before kind says anything. */
export const firstPhase: Phase = { id: 'kind', title: 'Arrancando kind', from: 0, deadline: 60 };
/** After kind has ended, by Malla itself. */
export const readyPhase: Phase = {
  id: 'listos',
  title: 'Esperando a que los nodos estén listos',
  from: 90,
  deadline: 300,
};

/** The phase that a line begins; undefined for any other line, such as the end of a phase. */
export function phaseOf(line: string): Phase | undefined {
  if (/^\s*[✓✗]/u.test(line)) return undefined;
  const found = signs.find(({ sign }) => sign.test(line));
  if (!found) return undefined;
  const { sign: _sign, ...phase } = found;
  return phase;
}
