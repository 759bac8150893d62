// Columns of kinds of the cluster's own machinery, which nobody but it makes.
import { ageColumn, type Column, column, nameColumn } from './column.ts';

type Loose = ReturnType<typeof JSON.parse>;

const or = (value: Loose, otherwise: string): string | number => value ?? otherwise;

export const rareColumns: Record<string, Column[]> = {
  componentstatuses: [
    nameColumn,
    column('Status', ({ whole }) => (whole.conditions?.[0]?.status === 'True' ? 'Healthy' : 'Unhealthy')),
    column('Message', ({ whole }) => or(whole.conditions?.[0]?.message, '')),
    column('Error', ({ whole }) => or(whole.conditions?.[0]?.error, '')),
  ],
  'storage.k8s.io/csidrivers': [
    nameColumn,
    column('AttachRequired', ({ spec }) => spec.attachRequired ?? true, 'boolean'),
    column('PodInfoOnMount', ({ spec }) => spec.podInfoOnMount ?? false, 'boolean'),
    column('StorageCapacity', ({ spec }) => spec.storageCapacity ?? false, 'boolean'),
    column('TokenRequests', ({ spec }) => (spec.tokenRequests ? listed(spec.tokenRequests, 'audience') : '<unset>')),
    column('RequiresRepublish', ({ spec }) => spec.requiresRepublish ?? false, 'boolean'),
    column('Modes', ({ spec }) => (spec.volumeLifecycleModes ?? []).join(',') || '<none>'),
    ageColumn,
  ],
  'storage.k8s.io/csistoragecapacities': [
    nameColumn,
    column('StorageClassName', ({ whole }) => whole.storageClassName ?? ''),
    column('Capacity', ({ whole }) => or(whole.capacity, '<unset>')),
  ],
  'storage.k8s.io/volumeattachments': [
    nameColumn,
    column('Attacher', ({ spec }) => spec.attacher ?? ''),
    column('PV', ({ spec }) => spec.source?.persistentVolumeName ?? ''),
    column('Node', ({ spec }) => spec.nodeName ?? ''),
    column('Attached', ({ status }) => status.attached ?? false, 'boolean'),
    ageColumn,
  ],
  'apiregistration.k8s.io/apiservices': [
    nameColumn,
    column('Service', ({ spec: { service } }) => (service ? `${service.namespace}/${service.name}` : 'Local')),
    column('Available', ({ status }) => {
      const found = (status.conditions ?? []).find((c: Loose) => c.type === 'Available');
      if (!found) return 'Unknown';
      return found.status === 'True' || !found.reason ? found.status : `${found.status} (${found.reason})`;
    }),
    ageColumn,
  ],
  'flowcontrol.apiserver.k8s.io/flowschemas': [
    nameColumn,
    column('PriorityLevel', ({ spec }) => spec.priorityLevelConfiguration?.name ?? ''),
    column('MatchingPrecedence', ({ spec }) => spec.matchingPrecedence ?? 0),
    column('DistinguisherMethod', ({ spec }) => or(spec.distinguisherMethod?.type, '<none>')),
    ageColumn,
    column('MissingPL', ({ status }) => {
      const found = (status.conditions ?? []).find((c: Loose) => c.type === 'Dangling');
      return found?.status ?? '?';
    }),
  ],
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': [
    nameColumn,
    column('Type', ({ spec }) => spec.type ?? ''),
    column('NominalConcurrencyShares', ({ spec }) => or(spec.limited?.nominalConcurrencyShares, '<none>')),
    column('Queues', ({ spec }) => or(spec.limited?.limitResponse?.queuing?.queues, '<none>')),
    column('HandSize', ({ spec }) => or(spec.limited?.limitResponse?.queuing?.handSize, '<none>')),
    column('QueueLengthLimit', ({ spec }) => or(spec.limited?.limitResponse?.queuing?.queueLengthLimit, '<none>')),
    ageColumn,
  ],
  'resource.k8s.io/deviceclasses': [nameColumn, ageColumn],
  'resource.k8s.io/resourceclaimtemplates': [nameColumn, ageColumn],
  'resource.k8s.io/resourceclaims': [
    nameColumn,
    column('State', ({ meta, status }) => {
      const gone = meta.deletionTimestamp ? ['deleted'] : [];
      if (!status.allocation) return [...gone, ...(meta.deletionTimestamp ? [] : ['pending'])].join(',');
      return [...gone, 'allocated', ...(status.reservedFor?.length ? ['reserved'] : [])].join(',');
    }),
    ageColumn,
  ],
  'resource.k8s.io/resourceslices': [
    nameColumn,
    column('Node', ({ spec }) => spec.nodeName ?? ''),
    column('Driver', ({ spec }) => spec.driver ?? ''),
    column('Pool', ({ spec }) => spec.pool?.name ?? ''),
    ageColumn,
  ],
};

function listed(items: Loose[], field: string): string {
  return items.map((item) => item[field]).join(',');
}
