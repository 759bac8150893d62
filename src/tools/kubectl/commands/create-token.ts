// kubectl create token: a bearer token of a ServiceAccount, for a while.
import type { FlagSpecs } from '../../flags.ts';
import { ToolError } from '../../tool.ts';
import { durationOf } from '../common-flags.ts';
import { toJson, toYaml } from '../printing/serialise.ts';
import type { Session } from '../session.ts';

export const tokenFlags: FlagSpecs = { audience: { kind: 'list' }, duration: { kind: 'text' } };

export async function createToken([name, ...more]: string[], session: Session): Promise<number> {
  const { api, flags, out } = session;
  if (name === undefined || more.length > 0)
    throw new ToolError(`error: exactly one NAME is required, got ${name === undefined ? 0 : more.length + 1}`);
  const duration = flags.text('duration');
  const seconds = duration === undefined ? undefined : Math.floor(durationOf(duration) / 1000);
  const audiences = flags.list('audience').flatMap((text) => text.split(','));
  const request = await api.json<{ status?: { token?: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${encodeURIComponent(await session.namespace())}/serviceaccounts/${encodeURIComponent(name)}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { ...(audiences.length > 0 ? { audiences } : {}), ...(seconds ? { expirationSeconds: seconds } : {}) },
    },
  });
  const format = flags.text('output');
  if (format === 'json' || format === 'yaml') out(format === 'json' ? toJson(request) : toYaml(request));
  else out(`${request.status?.token ?? ''}\n`);
  return 0;
}
