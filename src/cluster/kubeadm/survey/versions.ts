// Which versions of Kubernetes the labs are for.

/** Istio 1.24 to 1.32 together run on these; the labs were seen on 1.34. */
export const supported = { oldest: 29, newest: 36 };

export interface VersionStanding {
  state: 'supported' | 'too-old' | 'untried' | 'unknown';
  /** A sentence in Spanish without a final period. */
  text: string;
}

/** `gitVersion` as /version tells it: v1.34.4, v1.33.1+k3s1, v1.31.2-gke.100. */
export function judgeVersion(gitVersion: string): VersionStanding {
  const minor = Number(/^v1\.(\d+)/.exec(gitVersion)?.[1] ?? Number.NaN);
  const range = `1.${supported.oldest} a 1.${supported.newest}`;
  if (Number.isNaN(minor))
    return { state: 'unknown', text: `el clúster dice que es «${gitVersion}», y los laboratorios son para ${range}` };
  if (minor < supported.oldest)
    return {
      state: 'too-old',
      text: `Kubernetes ${gitVersion} es demasiado antiguo: los laboratorios son para ${range}`,
    };
  if (minor > supported.newest)
    return { state: 'untried', text: `Kubernetes ${gitVersion} es más nuevo de lo que se ha probado (${range})` };
  return { state: 'supported', text: `Kubernetes ${gitVersion}, de los que valen (${range})` };
}
