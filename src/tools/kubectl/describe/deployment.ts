import type { KubeObject } from '../../../mesh/objects.ts';
import { pathOf } from '../discovery.ts';
import { labelSelectorText } from '../label-selector.ts';
import type { Session } from '../session.ts';
import { addContainers } from './containers.ts';
import { annotationLines, labelLines, longTime, Page } from './page.ts';
import { addPlacement, type PodSpecFields } from './pod.ts';
import { addVolumes } from './volumes.ts';

interface DeploymentSpec {
  replicas?: number;
  minReadySeconds?: number;
  strategy?: { type?: string; rollingUpdate?: { maxUnavailable?: string | number; maxSurge?: string | number } };
  template?: { metadata?: KubeObject['metadata']; spec?: PodSpecFields };
}

interface DeploymentStatus {
  replicas?: number;
  updatedReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  conditions?: { type: string; status: string; reason?: string }[];
}

export async function describeDeployment(deployment: KubeObject, session: Session): Promise<Page> {
  const page = new Page();
  const spec = (deployment.spec ?? {}) as DeploymentSpec;
  const status = (deployment.status ?? {}) as DeploymentStatus;
  const { name, namespace = '', labels, annotations, creationTimestamp = '' } = deployment.metadata;
  page.field(0, 'Name', name);
  page.field(0, 'Namespace', namespace);
  page.field(0, 'CreationTimestamp', longTime(creationTimestamp));
  page.list(0, 'Labels', labelLines(labels));
  page.list(0, 'Annotations', annotationLines(annotations));
  page.field(0, 'Selector', labelSelectorText(deployment) ?? '');
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status;
  page.field(
    0,
    'Replicas',
    `${spec.replicas ?? 1} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  );
  page.field(0, 'StrategyType', spec.strategy?.type ?? '');
  page.field(0, 'MinReadySeconds', spec.minReadySeconds ?? 0);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling)
    page.field(0, 'RollingUpdateStrategy', `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`);
  addTemplate(page, spec.template);
  if (status.conditions?.length) {
    page.line(0, 'Conditions:');
    page.line(1, 'Type\tStatus\tReason');
    page.line(1, '----\t------\t------');
    for (const c of status.conditions) page.line(1, `${c.type} \t${c.status}\t${c.reason ?? ''}`);
  }
  await addReplicaSets(page, deployment, session);
  return page;
}

function addTemplate(page: Page, template: DeploymentSpec['template']): void {
  const spec = template?.spec ?? {};
  page.line(0, 'Pod Template:');
  page.list(1, 'Labels', labelLines(template?.metadata?.labels));
  if (template?.metadata?.annotations) page.list(1, 'Annotations', annotationLines(template.metadata.annotations));
  if (spec.serviceAccountName) page.field(1, 'Service Account', spec.serviceAccountName);
  if (spec.initContainers?.length) addContainers(page, 1, 'Init Containers', spec.initContainers, undefined);
  addContainers(page, 1, 'Containers', spec.containers ?? [], undefined);
  addVolumes(page, 1, spec.volumes ?? [], true);
  addPlacement(page, 1, spec);
}

async function addReplicaSets(page: Page, deployment: KubeObject, { api, discovery }: Session): Promise<void> {
  const resource = await discovery.named('replicasets.apps');
  const { items = [] } = await api.json<{ items?: KubeObject[] }>({
    path: pathOf(resource, deployment.metadata.namespace),
    query: { labelSelector: labelSelectorText(deployment) },
  });
  const revision = (o: KubeObject) => o.metadata.annotations?.['deployment.kubernetes.io/revision'];
  const own = items.filter((o) => o.metadata.ownerReferences?.some((r) => r.uid === deployment.metadata.uid));
  const current = own.find((o) => revision(o) === revision(deployment));
  const old = own.filter((o) => o !== current);
  const text = ({ metadata, spec, status }: KubeObject) => {
    const desired = (spec as { replicas?: number } | undefined)?.replicas ?? 0;
    const created = (status as { replicas?: number } | undefined)?.replicas ?? 0;
    return `${metadata.name} (${created}/${desired} replicas created)`;
  };
  page.field(0, 'OldReplicaSets', old.map(text).join(', ') || '<none>');
  page.field(0, 'NewReplicaSet', current ? text(current) : '<none>');
}
