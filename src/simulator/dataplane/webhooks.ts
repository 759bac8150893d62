// Admission webhooks: the API server's way to a program in a pod.
import type { ServiceIndex } from '../../mesh/services.ts';
import { type AdmissionAnswer, type WebhookCaller, WebhookUnreachable } from '../contract.ts';
import type { RunningPods } from './running-pods.ts';

export function createWebhookCaller(
  services: () => ServiceIndex,
  pods: RunningPods,
  random: () => number,
): WebhookCaller {
  return {
    call({ namespace, name, path, port }, review): AdmissionAnswer {
      const url = `https://${name}.${namespace}.svc:${port}${path}?timeout=10s`;
      const unreachable = (why: string) => new WebhookUnreachable(`Post "${url}": ${why}`);
      const service = services().find(`${name}.${namespace}`, namespace);
      if (!service) throw unreachable(`service "${name}" not found`);
      const endpoints = services().endpoints(service, port);
      const chosen = endpoints[Math.floor(random() * endpoints.length)]?.endpoint;
      if (!chosen) throw unreachable(`no endpoints available for service "${name}"`);
      const programs = pods.at(chosen.address, chosen.port)?.containers.values() ?? [];
      for (const { admission } of programs) {
        const answer = admission?.[path];
        if (answer) return answer(review);
      }
      throw unreachable(`dial tcp ${chosen.address}:${chosen.port}: connect: connection refused`);
    },
  };
}
