// kubectl create job and cronjob.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { FlagSpecs } from '../../flags.ts';
import { ToolError } from '../../tool.ts';
import { pathOf } from '../discovery.ts';
import type { Session } from '../session.ts';

export const jobFlags: FlagSpecs = {
  from: { kind: 'text' },
  restart: { kind: 'text' },
  schedule: { kind: 'text' },
};

export async function jobObject(name: string, session: Session): Promise<KubeObject> {
  const from = session.flags.text('from');
  if (from !== undefined) return jobFrom(from, name, session);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { template: templateOf(name, 'Never', session) },
  };
}

export function cronJobObject(name: string, session: Session): KubeObject {
  const schedule = session.flags.text('schedule');
  if (schedule === undefined) throw new ToolError('error: required flag(s) "schedule" not set');
  const template = templateOf(name, session.flags.text('restart') ?? 'OnFailure', session);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: { schedule, jobTemplate: { metadata: { name }, spec: { template } } },
  };
}

function templateOf(name: string, restartPolicy: string, { flags, afterDashes }: Session) {
  const image = flags.text('image');
  if (image === undefined) throw new ToolError('error: required flag(s) "image" not set');
  const command = afterDashes && afterDashes.length > 0 ? { command: afterDashes } : {};
  return { spec: { containers: [{ name, image, ...command, resources: {} }], restartPolicy } };
}

type CronJob = KubeObject<{ jobTemplate?: { metadata?: KubeObject['metadata']; spec?: unknown } }>;

/** The one that a CronJob would make, now. */
async function jobFrom(from: string, name: string, { api, discovery, namespace }: Session): Promise<KubeObject> {
  const [type = '', source = ''] = from.split('/');
  const resource = await discovery.named(type);
  if (resource.kind !== 'CronJob')
    throw new ToolError(
      'error: unknown object type: el kubectl de Malla hace un Job de un CronJob (--from=cronjob/NOMBRE)',
    );
  const cronJob = await api.json<CronJob>({ path: pathOf(resource, await namespace(), source) });
  const { metadata, spec } = cronJob.spec?.jobTemplate ?? {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...metadata?.annotations },
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: source, uid: cronJob.metadata.uid ?? '', controller: true },
      ],
    },
    spec,
  };
}
