import { expect, test } from 'vitest';
import { podNamed } from '../../nodes/fixtures/test-cluster.ts';
import { conditionOf } from '../pods.ts';
import { storageCluster } from './fixtures/storage-cluster.ts';
import { CLAIMS, VOLUMES, type Volume } from './storage-kinds.ts';

test('a claim gets the smallest volume that will do, and both know of each other', () => {
  const { volume, claim, theClaim, theVolume } = storageCluster();
  volume('large', { capacity: { storage: '10Gi' } });
  volume('small', { capacity: { storage: '500Mi' } });
  volume('fits', { capacity: { storage: '2Gi' } });
  volume('shared', { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce', 'ReadWriteMany'] });
  expect(theVolume('fits').status?.phase).toBe('Available');
  claim('data');
  const bound = theClaim('data');
  expect(bound.spec?.volumeName).toBe('fits');
  expect(bound.status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } });
  expect(bound.metadata.annotations).toEqual({
    'pv.kubernetes.io/bind-completed': 'yes',
    'pv.kubernetes.io/bound-by-controller': 'yes',
  });
  expect(theVolume('fits').status?.phase).toBe('Bound');
  expect(theVolume('fits').spec?.claimRef).toMatchObject({
    kind: 'PersistentVolumeClaim',
    namespace: 'default',
    name: 'data',
    uid: bound.metadata.uid,
  });
});

test('class, mode of access, kind of volume and selector must match; a claim that finds none says so and waits', () => {
  const { volume, claim, theClaim, events } = storageCluster();
  volume('classed', { storageClassName: 'fast' });
  volume('block', { volumeMode: 'Block' });
  volume('readonly', { accessModes: ['ReadOnlyMany'] });
  volume('other', {}, { labels: { tier: 'b' } });
  claim('data', { selector: { matchLabels: { tier: 'a' } } });
  expect(theClaim('data').status?.phase).toBe('Pending');
  expect(events('data')).toEqual([
    'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
  ]);
  volume('right', {}, { labels: { tier: 'a' } });
  expect(theClaim('data').spec?.volumeName).toBe('right');
  claim('classed', { storageClassName: 'fast' });
  expect(theClaim('classed').spec?.volumeName).toBe('classed');
});

test('a claim that names its volume gets that one, or the reason why not', () => {
  const { volume, claim, theClaim, events } = storageCluster();
  volume('mine', { capacity: { storage: '5Gi' }, storageClassName: 'x' });
  claim('good', { volumeName: 'mine', storageClassName: 'x' });
  expect(theClaim('good').status?.phase).toBe('Bound');
  claim('late', { volumeName: 'mine', storageClassName: 'x' });
  expect(events('late')).toEqual(['Warning FailedBinding volume "mine" already bound to a different claim.']);
  volume('tiny', { capacity: { storage: '1Mi' } });
  claim('big', { volumeName: 'tiny' });
  expect(events('big')).toEqual([
    'Warning VolumeMismatch Cannot bind to requested volume "tiny": requested PV is too small',
  ]);
});

test('a volume that is reserved for a claim waits for it, and nobody else gets it', () => {
  const { volume, claim, theClaim, theVolume } = storageCluster();
  volume('reserved', { claimRef: { namespace: 'default', name: 'chosen' } });
  expect(theVolume('reserved').status?.phase).toBe('Available');
  claim('other');
  expect(theClaim('other').status?.phase).toBe('Pending');
  claim('chosen');
  expect(theClaim('chosen').spec?.volumeName).toBe('reserved');
  expect(theVolume('reserved').metadata.annotations).toBeUndefined();
});

test('a retained volume is released with its claim and is nobody else’s; without its reference it is available again', () => {
  const { volume, claim, drop, theClaim, theVolume, registry, clock } = storageCluster();
  volume('kept');
  claim('first');
  drop(CLAIMS, 'first');
  expect(theVolume('kept').status?.phase).toBe('Released');
  claim('second');
  expect(theClaim('second').status?.phase).toBe('Pending');
  registry.edit(VOLUMES, undefined, 'kept', (copy) => {
    delete (copy as Volume).spec?.claimRef;
  });
  clock.settle();
  expect(theClaim('second').spec?.volumeName).toBe('kept');
});

test('a volume to be deleted goes when it may be deleted, and fails when it may not', () => {
  const { volume, claim, drop, theVolume, events } = storageCluster();
  volume('temporary', { hostPath: { path: '/tmp/data' }, persistentVolumeReclaimPolicy: 'Delete' });
  claim('a');
  drop(CLAIMS, 'a');
  expect(theVolume('temporary')).toBeUndefined();
  volume('elsewhere', { persistentVolumeReclaimPolicy: 'Delete' });
  claim('b');
  drop(CLAIMS, 'b');
  expect(theVolume('elsewhere').status).toMatchObject({
    phase: 'Failed',
    message: 'host_path deleter only supports /tmp/.+ but received provided /mnt/elsewhere',
  });
  expect(events('elsewhere')).toHaveLength(1);
});

test('a recycled volume is available again', () => {
  const { volume, claim, drop, theVolume, events } = storageCluster();
  volume('again', { persistentVolumeReclaimPolicy: 'Recycle' });
  claim('a');
  drop(CLAIMS, 'a');
  expect(theVolume('again').status?.phase).toBe('Available');
  expect(events('again')).toEqual(['Normal VolumeRecycled Volume recycled']);
});

test('a claim whose volume is gone is lost', () => {
  const { volume, claim, drop, theClaim, events, using, pod } = storageCluster();
  volume('gone');
  claim('data');
  drop(VOLUMES, 'gone');
  expect(theClaim('data').status).toEqual({ phase: 'Lost' });
  expect(events('data')).toEqual([
    'Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  ]);
  using('web', 'data');
  expect(conditionOf(pod('web').status?.conditions, 'PodScheduled')?.message).toBe(
    '0/2 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "gone". not found',
  );
});

test('a claim of the usual class waits for its pod, gets a folder on the node of the pod, and the pod runs', () => {
  const { storageClass, claim, using, theClaim, theVolume, events, pod } = storageCluster();
  storageClass('standard');
  const { uid } = claim('data', { storageClassName: 'standard' }).metadata;
  expect(theClaim('data').status?.phase).toBe('Pending');
  using('web', 'data', { nodeSelector: { 'kubernetes.io/hostname': 'sansa' } });
  expect(pod('web')).toMatchObject({ spec: { nodeName: 'sansa' }, status: { phase: 'Running' } });
  expect(theClaim('data')).toMatchObject({
    metadata: {
      annotations: {
        'volume.kubernetes.io/selected-node': 'sansa',
        'volume.kubernetes.io/storage-provisioner': 'rancher.io/local-path',
      },
    },
    spec: { volumeName: `pvc-${uid}` },
    status: { phase: 'Bound' },
  });
  expect(theVolume(`pvc-${uid}`).spec).toMatchObject({
    persistentVolumeReclaimPolicy: 'Delete',
    storageClassName: 'standard',
    hostPath: { path: `/var/local-path-provisioner/pvc-${uid}_default_data`, type: 'DirectoryOrCreate' },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['sansa'] }] },
        ],
      },
    },
  });
  expect(events('data')).toEqual([
    'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    'Normal Provisioning External provisioner is provisioning volume for claim "default/data"',
    `Normal ProvisioningSucceeded Successfully provisioned volume pvc-${uid}`,
  ]);
});

test('the next pod of the claim goes to the node where its volume is, and nowhere else', () => {
  const { storageClass, claim, using, pod, registry, clock } = storageCluster();
  storageClass('standard');
  claim('data', { storageClassName: 'standard' });
  using('first', 'data');
  const { nodeName } = pod('first').spec ?? {};
  using('second', 'data');
  expect(pod('second').spec?.nodeName).toBe(nodeName);
  registry.edit('nodes', undefined, nodeName ?? '', (copy) => {
    copy.spec = { ...(copy.spec as object), unschedulable: true };
  });
  clock.settle();
  using('third', 'data');
  expect(conditionOf(pod('third').status?.conditions, 'PodScheduled')?.message).toMatch(
    /^0\/2 nodes are available: 1 node\(s\) didn't match PersistentVolume's node affinity, 1 node\(s\) were unschedulable\./,
  );
});

test('the volume that was made for a claim goes with it', () => {
  const { storageClass, claim, using, drop, theVolume, theClaim, registry } = storageCluster();
  storageClass('standard');
  const { uid } = claim('data', { storageClassName: 'standard' }).metadata;
  using('web', 'data');
  drop(CLAIMS, 'data');
  expect(theClaim('data').metadata.deletionTimestamp).toBeDefined();
  registry.remove('pods', 'default', 'web', { gracePeriodSeconds: 0 });
  drop(CLAIMS, 'data');
  expect(theClaim('data')).toBeUndefined();
  expect(theVolume(`pvc-${uid}`)).toBeUndefined();
});

test('a pod waits for a claim that is not there or has no volume yet, and goes on when it has', () => {
  const { using, pod, claim, volume, events } = storageCluster();
  const message = () => conditionOf(pod('web').status?.conditions, 'PodScheduled')?.message;
  using('web', 'data');
  expect(pod('web').status?.phase).toBe('Pending');
  expect(message()).toBe('0/2 nodes are available: persistentvolumeclaim "data" not found. not found');
  claim('data');
  expect(message()).toBe('0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found');
  expect(events('web').every((text) => text.startsWith('Warning FailedScheduling'))).toBe(true);
  volume('v');
  expect(pod('web').status?.phase).toBe('Running');
});

test('a class that is not there, or that nobody provisions for, is said to the claim', () => {
  const { claim, events, storageClass, theClaim } = storageCluster();
  claim('a', { storageClassName: 'none' });
  expect(events('a')).toEqual(['Warning ProvisioningFailed storageclass.storage.k8s.io "none" not found']);
  storageClass('manual', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'Immediate' });
  claim('b', { storageClassName: 'manual' });
  expect(events('b')).toEqual([
    'Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner',
  ]);
  storageClass('cloud', { provisioner: 'ebs.csi.aws.com', volumeBindingMode: 'Immediate' });
  claim('c', { storageClassName: 'cloud' });
  expect(events('c')[0]).toContain("external provisioner 'ebs.csi.aws.com'");
  expect(theClaim('c').status?.phase).toBe('Pending');
});

test('a folder of a node cannot be shared by nodes, nor made before the node is known', () => {
  const { claim, using, storageClass, events } = storageCluster();
  storageClass('standard');
  claim('shared', { storageClassName: 'standard', accessModes: ['ReadWriteMany'] });
  using('web', 'shared');
  expect(events('shared').at(-1)).toBe(
    'Warning ProvisioningFailed failed to provision volume with StorageClass "standard": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
  );
  storageClass('hasty', { volumeBindingMode: 'Immediate' });
  claim('early', { storageClassName: 'hasty' });
  expect(events('early').at(-1)).toBe(
    'Warning ProvisioningFailed failed to provision volume with StorageClass "hasty": configuration error, no node was specified',
  );
});

test('a local volume decides the node of the pod, and a pod that cannot go there says so', () => {
  const { claim, volume, using, storageClass, pod, theClaim } = storageCluster();
  storageClass('local', { provisioner: 'kubernetes.io/no-provisioner' });
  const on = (node: string) => ({
    storageClassName: 'local',
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }],
      },
    },
  });
  volume('disk', on('sansa'));
  claim('data', { storageClassName: 'local' });
  expect(theClaim('data').status?.phase).toBe('Pending');
  using('wrong', 'data', { nodeSelector: { 'kubernetes.io/hostname': 'arya' } });
  expect(conditionOf(pod('wrong').status?.conditions, 'PodScheduled')?.message).toContain(
    "1 node(s) didn't find available persistent volumes to bind, 1 node(s) didn't match Pod's node affinity/selector",
  );
  using('web', 'data');
  expect(pod('web').spec?.nodeName).toBe('sansa');
  expect(theClaim('data').spec?.volumeName).toBe('disk');
});

test('a claim for one pod alone keeps the second pod out', () => {
  const { claim, volume, using, pod } = storageCluster();
  volume('v', { accessModes: ['ReadWriteOncePod'] });
  claim('data', { accessModes: ['ReadWriteOncePod'] });
  using('first', 'data');
  using('second', 'data');
  expect(pod('first').status?.phase).toBe('Running');
  expect(conditionOf(pod('second').status?.conditions, 'PodScheduled')?.message).toContain(
    '2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
  );
});

test('a pod that was given its node by hand waits there for its volume', () => {
  const { claim, volume, using, pod, events } = storageCluster();
  claim('data');
  using('web', 'data', { nodeName: 'arya' });
  expect(pod('web').status?.phase).toBe('Pending');
  expect(events('web')).toEqual([
    'Warning FailedMount Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/data: PVC is not bound',
  ]);
  volume('v');
  expect(pod('web').status?.phase).toBe('Running');
});

test('a claim without a class gets the default one when there comes to be one', () => {
  const { claim, storageClass, theClaim } = storageCluster();
  claim('data');
  claim('none', { storageClassName: '' });
  storageClass('standard', {
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  });
  expect(theClaim('data').spec?.storageClassName).toBe('standard');
  expect(theClaim('none').spec?.storageClassName).toBe('');
});

test('an ephemeral volume makes a claim of the pod’s own', () => {
  const { storageClass, registry, clock, pod, theClaim } = storageCluster();
  storageClass('standard');
  const spec = {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'standard',
    resources: { requests: { storage: '1Gi' } },
  };
  registry.create(
    'pods',
    podNamed(
      'web',
      { volumeMounts: [{ name: 'work', mountPath: '/work' }] },
      {
        volumes: [{ name: 'work', ephemeral: { volumeClaimTemplate: { spec } } }],
      },
    ),
  );
  clock.settle();
  expect(pod('web').status?.phase).toBe('Running');
  expect(theClaim('web-work').metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Pod', name: 'web' });
});
