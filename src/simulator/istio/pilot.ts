// The image pilot: istiod's webhooks. What it writes into the cluster is in istiod.ts.

import { validate } from '../../tools/istioctl/validation/validate.ts';
import type { AdmissionAnswer, AdmissionReview, ContainerContext, RunningContainer } from '../contract.ts';
import { createInjector } from './injection.ts';

export function pilot(context: ContainerContext): RunningContainer {
  const inject = createInjector(context);
  for (const line of startLines) context.log(`${new Date(context.clock.now()).toISOString()}\tinfo\t${line}`);
  return {
    ports: {
      8080: (request) => (request.path.startsWith('/ready') ? reply(200) : reply(404)),
      15014: (request) => (request.path.startsWith('/version') ? reply(200, context.image) : reply(404)),
      15017: () => reply(404),
      15010: () => reply(404),
      15012: () => reply(404),
    },
    admission: byPath({ '/inject': inject, '/validate': validateReview }),
  };
}

const startLines = [
  'initializing Istiod',
  'Starting validation controller',
  'validation controller	Starting controller',
  'JWT policy is third-party-jwt',
  'All caches have been synced up',
];

type Webhook = (review: AdmissionReview) => AdmissionAnswer;

/** `/inject/cluster/x/net/y` is `/inject` with facts that matter in several clusters only. */
function byPath(webhooks: Record<string, Webhook>): Record<string, Webhook> {
  return new Proxy(webhooks, {
    get: (all, path) => (typeof path === 'string' ? all[`/${path.split('/')[1] ?? ''}`] : undefined),
    has: (all, path) => typeof path === 'string' && `/${path.split('/')[1] ?? ''}` in all,
  });
}

function validateReview(review: AdmissionReview): AdmissionAnswer {
  if (!review.object || review.operation === 'DELETE') return { allowed: true };
  const { error, warnings } = validate(review.object);
  const shown = warnings.length > 0 ? { warnings } : {};
  if (error === undefined) return { allowed: true, ...shown };
  return { allowed: false, message: `configuration is invalid: ${error}`, ...shown };
}

const reply = (status: number, body = '') => ({ status, headers: { 'content-type': 'text/plain' }, body });
