// Columns of kinds that labs seldom look at: storage, quotas, policies, certificates.
import { age, ageColumn, type Column, column, duration, integer, nameColumn, wide } from './column.ts';

type Loose = ReturnType<typeof JSON.parse>;

const policies = 'admissionregistration.k8s.io';

export const moreColumns: Record<string, Column[]> = {
  resourcequotas: [
    nameColumn,
    column('Request', ({ status }) => amounts(status, false)),
    column('Limit', ({ status }) => amounts(status, true)),
    ageColumn,
  ],
  podtemplates: [
    nameColumn,
    column('Containers', ({ whole }) => names(whole, 'name')),
    column('Images', ({ whole }) => names(whole, 'image')),
    column('Pod Labels', ({ whole }) => pairs(whole.template?.metadata?.labels)),
  ],
  persistentvolumes: [
    nameColumn,
    column('Capacity', ({ spec }) => spec.capacity?.storage ?? '0'),
    column('Access Modes', ({ spec }) => accessModes(spec.accessModes)),
    column('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ''),
    column('Status', ({ meta, status }) => (meta.deletionTimestamp ? 'Terminating' : (status.phase ?? ''))),
    column('Claim', ({ spec }) => (spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')),
    column('StorageClass', ({ spec }) => spec.storageClassName ?? ''),
    column('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    column('Reason', ({ status }) => status.reason ?? ''),
    ageColumn,
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
  'storage.k8s.io/storageclasses': [
    {
      ...nameColumn,
      of: ({ metadata: { name, annotations } }) =>
        annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? `${name} (default)` : name,
    },
    column('Provisioner', ({ whole }) => whole.provisioner ?? ''),
    column('ReclaimPolicy', ({ whole }) => whole.reclaimPolicy ?? 'Delete'),
    column('VolumeBindingMode', ({ whole }) => whole.volumeBindingMode ?? 'Immediate'),
    column('AllowVolumeExpansion', ({ whole }) => whole.allowVolumeExpansion ?? false),
    ageColumn,
  ],
  'storage.k8s.io/csinodes': [nameColumn, integer('Drivers', ({ spec }) => spec.drivers?.length ?? 0), ageColumn],
  'storage.k8s.io/volumeattributesclasses': [
    nameColumn,
    column('DriverName', ({ whole }) => whole.driverName ?? ''),
    ageColumn,
  ],
  'node.k8s.io/runtimeclasses': [nameColumn, column('Handler', ({ whole }) => whole.handler ?? ''), ageColumn],
  'networking.k8s.io/ingressclasses': [
    nameColumn,
    column('Controller', ({ spec }) => spec.controller ?? ''),
    column('Parameters', ({ spec: { parameters } }) => {
      if (!parameters) return '<none>';
      return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`;
    }),
    ageColumn,
  ],
  'networking.k8s.io/servicecidrs': [
    nameColumn,
    column('CIDRs', ({ spec }) => (spec.cidrs ?? []).join(',')),
    ageColumn,
  ],
  'networking.k8s.io/ipaddresses': [
    nameColumn,
    column('ParentRef', ({ spec: { parentRef } }) => {
      if (!parentRef) return '<none>';
      const resource = [parentRef.resource, parentRef.group].filter(Boolean).join('.').toLowerCase();
      return [resource, parentRef.namespace, parentRef.name].filter(Boolean).join('/');
    }),
    ageColumn,
  ],
  [`${policies}/validatingadmissionpolicies`]: [
    nameColumn,
    integer('Validations', ({ spec }) => spec.validations?.length ?? 0),
    column('ParamKind', ({ spec: { paramKind } }) =>
      paramKind ? `${paramKind.apiVersion}/${paramKind.kind}` : '<unset>',
    ),
    ageColumn,
  ],
  [`${policies}/validatingadmissionpolicybindings`]: [
    nameColumn,
    column('PolicyName', ({ spec }) => spec.policyName ?? ''),
    column('ParamRef', ({ spec: { paramRef } }) =>
      paramRef?.name ? `${paramRef.namespace || '*'}/${paramRef.name}` : '<unset>',
    ),
    ageColumn,
  ],
  'certificates.k8s.io/certificatesigningrequests': [
    nameColumn,
    column('Age', ({ meta }, now) => age(meta.creationTimestamp, now)),
    column('SignerName', ({ spec }) => spec.signerName || '<none>'),
    column('Requestor', ({ spec }) => spec.username ?? ''),
    column('RequestedDuration', ({ spec }) =>
      spec.expirationSeconds === undefined ? '<none>' : duration(spec.expirationSeconds),
    ),
    column('Condition', ({ status }) => condition(status)),
  ],
};

function amounts({ hard = {}, used = {} }: Loose, limits: boolean): string {
  const shown = Object.keys(hard).filter((name) => name.startsWith('limits.') === limits);
  return shown
    .sort()
    .map((name) => `${name}: ${used[name] ?? 0}/${hard[name]}`)
    .join(', ');
}

function names({ template }: Loose, field: string): string {
  return (template?.spec?.containers ?? []).map((c: Loose) => c[field]).join(',');
}

function pairs(labels: Loose): string {
  return (
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(',') || '<none>'
  );
}

const shortModes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export function accessModes(modes: string[] | undefined): string {
  return (modes ?? []).map((mode) => shortModes[mode] ?? mode).join(',');
}

function condition({ conditions = [], certificate }: Loose): string {
  const types = conditions.map((c: Loose) => c.type);
  const said = ['Approved', 'Denied', 'Failed'].filter((type) => types.includes(type));
  if (said.length === 0) return 'Pending';
  return [...said, ...(certificate ? ['Issued'] : [])].join(',');
}
