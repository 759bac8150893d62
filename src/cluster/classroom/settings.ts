// What a class needs to know of its cluster, and whether the cluster is fit for one.
import { fields, texts } from '../../mesh/read.ts';
import type { KubeClient } from '../contract.ts';
import { isAllowed } from '../kubeadm/survey/rights.ts';
import { type Survey, surveyCluster } from '../kubeadm/survey/survey.ts';
import type { ClassSettings, Limits } from './class.ts';
import { classroomError } from './classroom-error.ts';
import { ownClass } from './own-place.ts';

/** ValidatingAdmissionPolicy is stable since then. */
const oldestMinor = 30;

export interface ClassGround {
  settings: ClassSettings;
  survey: Survey;
  /** What the cluster cannot keep apart, in Spanish; sentences without a final period. */
  warnings: string[];
}

/** Rejects with CodedError: MALLA-AUL-03 (not fit), 04 (rights), 09 (name), and ClusterError. */
export async function readGround(
  client: KubeClient,
  name: string,
  limits: Limits,
  now: () => number,
): Promise<ClassGround> {
  if (name === ownClass || !/^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/.test(name))
    throw classroomError('MALLA-AUL-09', `«${name}» no vale como nombre de clase.`);
  const survey = await surveyCluster(client, { now });
  const unfit = unfitFor(survey, await client.raw('/version'));
  if (unfit !== undefined) throw classroomError('MALLA-AUL-03', unfit);
  await mustAdminister(client);
  const [istio] = survey.meshes.istio;
  const nodes = await client.list({ apiVersion: 'v1', kind: 'Node' });
  const podRanges = nodes.flatMap(({ spec }) => texts(fields(spec).podCIDRs)).toSorted();
  const revision = istio?.revision ?? 'default';
  return {
    settings: {
      name,
      istio: istio?.namespace ?? 'istio-system',
      revision: revision === 'default' ? '' : revision,
      podRanges,
      limits,
    },
    survey,
    warnings: warningsOf(survey, podRanges),
  };
}

function unfitFor({ version, meshes }: Survey, told: unknown): string | undefined {
  const gitVersion = String(fields(told).gitVersion ?? '');
  if (gitVersion.includes('+malla'))
    return 'El clúster embebido es de una sola persona: no tiene usuarios que separar.';
  if (Number(/^v1\.(\d+)/.exec(gitVersion)?.[1] ?? 0) < oldestMinor)
    return `Con Kubernetes ${gitVersion} no se puede separar a los alumnos: faltan las políticas de admisión, que son de 1.${oldestMinor}.`;
  if (version.state === 'too-old') return `No se puede trabajar ahí: ${version.text}.`;
  if (meshes.ambient !== undefined || meshes.others.length > 0)
    return 'Ese clúster tiene otra malla, o Istio en modo ambient.';
  if (meshes.istio.length === 0) return 'Ese clúster todavía no tiene Istio.';
  if (meshes.istio.length > 1)
    return `Ese clúster tiene ${meshes.istio.length} Istio: no se sabe cuál es el de la clase.`;
  return undefined;
}

async function mustAdminister(client: KubeClient): Promise<void> {
  const needed = [
    { verb: 'create', group: '', resource: 'namespaces' },
    { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
    { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
    { verb: 'create', group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' },
    { verb: 'create', group: '', resource: 'secrets' },
  ];
  const allowed = await Promise.all(needed.map((right) => isAllowed(client, right)));
  const missing = needed.filter((_right, i) => !allowed[i]).map(({ verb, resource }) => `${verb} ${resource}`);
  if (missing.length > 0)
    throw classroomError('MALLA-AUL-04', `Tu usuario no puede preparar una clase: le falta ${missing.join(', ')}.`);
}

function warningsOf({ cni }: Survey, podRanges: readonly string[]): string[] {
  if (cni.policies === true) return [];
  const who = cni.name === '' ? 'la red de pods' : cni.name;
  const ranges =
    podRanges.length > 0
      ? ''
      : '; y los nodos no dicen sus direcciones de pods, así que tampoco se para a quien entre sin sidecar';
  return [
    `${who} ${cni.policies === false ? 'no cumple' : 'puede no cumplir'} NetworkPolicy: el tráfico entre alumnos lo separa solo la malla, y los pods sin sidecar no están protegidos${ranges}`,
  ];
}
