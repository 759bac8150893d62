import { expect, test } from 'vitest';
import { createTestCluster, deploymentNamed } from '../nodes/fixtures/test-cluster.ts';
import { Refused } from './fixtures/memory-registry.ts';
import type { Deployment, Pod, ReplicaSet } from './kinds.ts';
import { conditionOf } from './pods.ts';

function setUp(more: Record<string, unknown> = {}) {
  const cluster = createTestCluster();
  cluster.models.set('never', () => ({ ports: { 8080: () => ({ status: 503, headers: {}, body: '' }) } }));
  cluster.start();
  cluster.registry.create('apps/deployments', deploymentNamed('web', more));
  cluster.clock.advance(100);
  const deployment = () => cluster.registry.get('apps/deployments', 'default', 'web') as Deployment;
  const sets = () =>
    (cluster.registry.list('apps/replicasets', 'default') as ReplicaSet[]).sort(
      (a, b) => Number(a.metadata.uid?.slice(4)) - Number(b.metadata.uid?.slice(4)),
    );
  const edit = (change: (spec: NonNullable<Deployment['spec']>) => void) => {
    cluster.registry.edit('apps/deployments', 'default', 'web', (copy) => {
      const { spec } = copy as Deployment;
      if (spec) change(spec);
    });
    cluster.clock.advance(1_000);
  };
  const setImage = (image: string, probe = false) =>
    edit((spec) => {
      const [container] = spec.template.spec.containers;
      if (!container) return;
      container.image = image;
      if (probe) container.readinessProbe = { httpGet: { path: '/', port: 8080 } };
    });
  const condition = (type: string) => {
    const { status, reason, message } = conditionOf(deployment().status?.conditions, type) ?? {};
    return [status, reason, message];
  };
  const events = () => cluster.events('web').filter((e) => e.includes('ScalingReplicaSet'));
  return { cluster, deployment, sets, edit, setImage, condition, events };
}

test('a Deployment makes a ReplicaSet named after its template, with revision 1, and is complete when its pods are ready', () => {
  const { deployment, sets, condition, events } = setUp({ replicas: 3 });
  const [set] = sets();
  const hash = set?.metadata.labels?.['pod-template-hash'] ?? '';
  expect(hash).toMatch(/^[b-z2-9]{8,10}$/);
  expect(set?.metadata).toMatchObject({
    name: `web-${hash}`,
    labels: { app: 'web', 'pod-template-hash': hash },
    annotations: {
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
      'deployment.kubernetes.io/revision': '1',
    },
    ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true }],
  });
  expect(set?.spec?.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
  expect(set?.status).toEqual({
    availableReplicas: 3,
    fullyLabeledReplicas: 3,
    observedGeneration: 1,
    readyReplicas: 3,
    replicas: 3,
  });
  const { conditions: _, ...counts } = deployment().status ?? {};
  expect(counts).toEqual({
    availableReplicas: 3,
    observedGeneration: 1,
    readyReplicas: 3,
    replicas: 3,
    updatedReplicas: 3,
  });
  expect(condition('Available')).toEqual(['True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.']);
  expect(condition('Progressing')).toEqual([
    'True',
    'NewReplicaSetAvailable',
    `ReplicaSet "web-${hash}" has successfully progressed.`,
  ]);
  expect(deployment().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
  expect(events()).toEqual([`Normal ScalingReplicaSet Scaled up replica set web-${hash} from 0 to 3`]);
});

test('a rolling update goes one by one within maxSurge and maxUnavailable', () => {
  const { cluster, deployment, sets, setImage, events } = setUp({ replicas: 3 });
  let most = 0;
  let fewestReady = 3;
  cluster.registry.watch('pods', () => {
    const pods = cluster.pods().filter((p) => !p.metadata.deletionTimestamp);
    most = Math.max(most, pods.length);
    fewestReady = Math.min(
      fewestReady,
      pods.filter((p) => conditionOf(p.status?.conditions, 'Ready')?.status === 'True').length,
    );
  });
  setImage('app:2');
  const [old, current] = sets().map((s) => s.metadata.name);
  expect(events().slice(1)).toEqual(
    [
      `Scaled up replica set ${current} from 0 to 1`,
      `Scaled down replica set ${old} from 3 to 2`,
      `Scaled up replica set ${current} from 1 to 2`,
      `Scaled down replica set ${old} from 2 to 1`,
      `Scaled up replica set ${current} from 2 to 3`,
      `Scaled down replica set ${old} from 1 to 0`,
    ].map((text) => `Normal ScalingReplicaSet ${text}`),
  );
  expect(most).toBe(4);
  expect(fewestReady).toBe(3);
  expect(sets().map((s) => s.spec?.replicas)).toEqual([0, 3]);
  expect(deployment().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
  expect(cluster.pods().every((p) => p.spec?.containers[0]?.image === 'app:2')).toBe(true);
});

test('going back to an older template uses its ReplicaSet again, under a new revision', () => {
  const { sets, setImage, deployment } = setUp();
  setImage('app:2');
  setImage('app:1');
  expect(sets().map((s) => s.spec?.replicas)).toEqual([1, 0]);
  expect(sets()[0]?.metadata.annotations).toMatchObject({
    'deployment.kubernetes.io/revision': '3',
    'deployment.kubernetes.io/revision-history': '1',
  });
  expect(deployment().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
});

test('an image that cannot be pulled leaves the old pods serving, and the deadline says that the rollout is stuck', () => {
  const { cluster, sets, setImage, condition, deployment } = setUp({ replicas: 2 });
  setImage('nada:1');
  expect(sets().map((s) => s.spec?.replicas)).toEqual([2, 1]);
  expect(deployment().status).toMatchObject({ availableReplicas: 2, unavailableReplicas: 1, updatedReplicas: 1 });
  expect(condition('Progressing')[1]).toBe('ReplicaSetUpdated');
  cluster.clock.advance(601_000);
  expect(condition('Progressing')).toEqual([
    'False',
    'ProgressDeadlineExceeded',
    `ReplicaSet "${sets()[1]?.metadata.name}" has timed out progressing.`,
  ]);
  expect(condition('Available')[0]).toBe('True');
});

test('pods that do not become ready do not replace those that are', () => {
  const { cluster, sets, setImage } = setUp({ replicas: 2 });
  setImage('never:1', true);
  expect(sets().map((s) => [s.spec?.replicas, s.status?.readyReplicas])).toEqual([
    [2, 2],
    [1, undefined],
  ]);
  expect(cluster.events('web').filter((e) => e.includes('Unhealthy'))).toEqual([
    'Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503',
  ]);
});

test('Recreate waits until the old pods are gone', () => {
  const { cluster, setImage } = setUp({ replicas: 2, strategy: { type: 'Recreate' } });
  const images = new Set<string>();
  cluster.registry.watch('pods', () => {
    images.add([...new Set(cluster.pods().map((p) => p.spec?.containers[0]?.image))].sort().join());
  });
  setImage('app:2');
  expect(images).toEqual(new Set(['app:1', '', 'app:2']));
  expect(cluster.pods()).toHaveLength(2);
});

test('a paused Deployment takes no new template but scales, and says that it is paused', () => {
  const { sets, edit, setImage, condition } = setUp();
  edit((spec) => {
    spec.paused = true;
  });
  expect(condition('Progressing')).toEqual(['Unknown', 'DeploymentPaused', 'Deployment is paused']);
  setImage('app:2');
  edit((spec) => {
    spec.replicas = 4;
  });
  expect(sets().map((s) => s.spec?.replicas)).toEqual([4]);
  edit((spec) => {
    delete spec.paused;
  });
  expect(sets().map((s) => s.spec?.replicas)).toEqual([0, 4]);
  expect(condition('Progressing')[1]).toBe('NewReplicaSetAvailable');
});

test('scaling resizes the one ReplicaSet and makes no revision', () => {
  const { sets, edit, deployment, events } = setUp();
  edit((spec) => {
    spec.replicas = 5;
  });
  edit((spec) => {
    spec.replicas = 0;
  });
  const name = sets()[0]?.metadata.name;
  expect(events().slice(1)).toEqual([
    `Normal ScalingReplicaSet Scaled up replica set ${name} from 1 to 5`,
    `Normal ScalingReplicaSet Scaled down replica set ${name} from 5 to 0`,
  ]);
  expect(deployment().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
  expect(deployment().status?.replicas).toBeUndefined();
});

test('scaling in the middle of a rollout keeps the share of each ReplicaSet', () => {
  const { sets, edit, setImage } = setUp({ replicas: 10 });
  setImage('nada:1');
  expect(sets().map((s) => s.spec?.replicas)).toEqual([8, 5]);
  edit((spec) => {
    spec.replicas = 20;
  });
  expect(sets().map((s) => s.spec?.replicas)).toEqual([15, 10]);
});

test('old ReplicaSets beyond the history limit are forgotten', () => {
  const { sets, setImage } = setUp({ revisionHistoryLimit: 2 });
  for (const version of [2, 3, 4, 5]) setImage(`app:${version}`);
  expect(sets().map((s) => s.metadata.annotations?.['deployment.kubernetes.io/revision'])).toEqual(['3', '4', '5']);
});

test('pods that the API refuses are an event and a condition of ReplicaSet and Deployment, until they are allowed', () => {
  const { cluster, edit, condition, sets, deployment } = setUp();
  const message = 'pods "web-" is forbidden: error looking up service account';
  cluster.registry.guard = (resource) => {
    if (resource === 'pods') throw new Refused(403, message);
  };
  edit((spec) => {
    spec.replicas = 2;
  });
  const name = sets()[0]?.metadata.name;
  expect(condition('ReplicaFailure')).toEqual(['True', 'FailedCreate', message]);
  expect(cluster.events(name ?? '')).toContain(`Warning FailedCreate Error creating: ${message}`);
  cluster.registry.guard = () => {};
  cluster.clock.advance(60_000);
  expect(condition('ReplicaFailure')).toEqual([undefined, undefined, undefined]);
  expect(deployment().status?.readyReplicas).toBe(2);
});

test('a cluster at rest has no timers', () => {
  const { cluster } = setUp({ replicas: 3 });
  expect(cluster.clock.waiting()).toBe(0);
});

test('a deleted pod is replaced', () => {
  const { cluster } = setUp({ replicas: 2 });
  const [first] = cluster.pods() as [Pod];
  cluster.registry.remove('pods', 'default', first.metadata.name);
  cluster.clock.advance(100);
  expect(cluster.pods()).toHaveLength(2);
  expect(cluster.pods().some((p) => p.metadata.uid === first.metadata.uid)).toBe(false);
});
