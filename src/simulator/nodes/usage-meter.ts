// What containers use. Nothing really runs, so that it is made up of what can be known: which program it is and how many
// requests it answers. Enough for `kubectl top` to be read and for an autoscaler to have something to follow.

import type {
  Clock,
  ContainerContext,
  HttpReply,
  HttpRequest,
  Registry,
  RunningContainer,
  WorkloadModel,
} from '../contract.ts';
import type { Pod } from '../controllers/kinds.ts';
import { isReady } from '../controllers/pods.ts';
import { parseTime } from '../controllers/time.ts';
import type { ContainerUsage, UsageSource } from '../usage.ts';
import { fullImageName } from './images.ts';

export interface UsageMeter extends UsageSource {
  /** The same models, whose requests are counted. */
  metered(models: (image: string) => WorkloadModel | undefined): (image: string) => WorkloadModel | undefined;
}

/** The resolution of metrics-server, milliseconds. */
const WINDOW = 15_000;
/** Core-seconds that a request costs the program that answers it, and the proxy before it. */
const PER_REQUEST = 0.005;
const PER_PROXIED = 0.001;
const IDLE = 0.001;
const MIB = 2 ** 20;
const USUAL_MEMORY = 8 * MIB;

/** By a piece of the image's name; what programs of their kind take when they are idle, MiB. */
const MEMORY: readonly [piece: string, mebibytes: number][] = [
  ['kube-apiserver', 255],
  ['kube-controller-manager', 48],
  ['kube-scheduler', 21],
  ['kube-proxy', 14],
  ['etcd', 41],
  ['coredns', 14],
  ['flannel', 12],
  ['proxyv2', 43],
  ['pilot', 56],
  ['productpage', 39],
  ['reviews', 112],
  ['ratings', 24],
  ['details', 22],
  ['prometheus', 88],
  ['grafana', 82],
  ['kiali', 44],
  ['jaeger', 36],
];

interface Count {
  window: number;
  current: number;
  previous: number;
}

export function createUsageMeter(registry: Pick<Registry, 'list'>, clock: Clock): UsageMeter {
  /** By pod's uid and container; gone with the program. */
  const running = new Map<string, Count>();

  function tick(count: Count) {
    const window = Math.floor(clock.now() / WINDOW);
    if (count.window === window) return;
    count.previous = count.window === window - 1 ? count.current : 0;
    count.current = 0;
    count.window = window;
  }

  function meter(context: ContainerContext, container: RunningContainer): RunningContainer {
    const count: Count = { window: 0, current: 0, previous: 0 };
    const metered: RunningContainer = { ...container, ports: {} };
    for (const [port, handler] of Object.entries(container.ports)) {
      metered.ports[Number(port)] = (request: HttpRequest): Promise<HttpReply> | HttpReply => {
        tick(count);
        count.current += 1;
        return handler(request);
      };
    }
    const key = keyOf(context.pod.metadata.uid, context.containerName);
    running.set(key, count);
    metered.stop = () => {
      if (running.get(key) === count) running.delete(key);
      container.stop?.();
    };
    return metered;
  }

  /** Requests a second, in the last whole window. */
  function rate(uid: string | undefined, container: string): number {
    const count = running.get(keyOf(uid, container));
    if (!count) return 0;
    tick(count);
    return (count.previous * 1000) / WINDOW;
  }

  function usageOf(pod: Pod): ContainerUsage[] {
    const { uid } = pod.metadata;
    const sidecars = (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
    const containers = [...(pod.spec?.containers ?? []), ...sidecars];
    const total = containers.reduce((sum, { name }) => sum + rate(uid, name), 0);
    return containers.map(({ name, image }) => ({
      name,
      cpu: IDLE + (name === 'istio-proxy' ? total * PER_PROXIED + IDLE : rate(uid, name) * PER_REQUEST),
      memory: memoryOf(image, uid ?? ''),
    }));
  }

  return {
    metered: (models) => (image) => {
      const model = models(image);
      return model && ((context) => meter(context, model(context)));
    },
    pods() {
      const time = Math.floor(clock.now() / WINDOW) * WINDOW;
      const pods = (registry.list('pods') as Pod[]).filter(
        (pod) =>
          pod.status?.phase === 'Running' && isReady(pod) && parseTime(pod.status.startTime) <= time - WINDOW / 3,
      );
      return pods.map((pod) => ({ pod, time, containers: usageOf(pod) }));
    },
  };
}

function keyOf(uid: string | undefined, container: string): string {
  return `${uid ?? ''}/${container}`;
}

/** The same for the same pod, and a little different from one to the next. */
function memoryOf(image: string, uid: string): number {
  const name = fullImageName(image);
  const usual = (MEMORY.find(([piece]) => name.includes(piece))?.[1] ?? 0) * MIB || USUAL_MEMORY;
  const spread = [...uid].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1009, 7) / 1009;
  return Math.round((usual * (0.94 + 0.12 * spread)) / 4096) * 4096;
}
