// ratings, a Node.js program. v1 keeps the stars in memory; v2 wants a database, and the simulator has none.
import type { Clock, ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../../contract.ts';
import { bodyOf, json, pathOf, text } from '../replies.ts';

type Stars = Record<string, number>;

const USUAL: Stars = { Reviewer1: 5, Reviewer2: 4 };
const MINUTE = 60_000;

export function ratings(version: 'v1' | 'v2'): (context: ContainerContext) => RunningContainer {
  return (context) => {
    context.log('Server listening on: http://0.0.0.0:9080');
    const posted = new Map<number, Stars>();
    const moods = createMoods(context);
    return { ports: { 9080: answer }, stop: moods.stop };

    async function answer(request: HttpRequest): Promise<HttpReply> {
      const path = pathOf(request);
      if (path === '/health') {
        if (!moods.healthy()) return json(500, '{"status":"Ratings is not healthy"}');
        return json(200, '{"status":"Ratings is healthy"}');
      }
      const id = /^\/ratings\/([^/]*)$/.exec(path)?.[1];
      if (id === undefined) return text(404, `Cannot ${request.method} ${path}\n`);
      if (!/^\d+$/.test(id)) return json(400, '{"error":"please provide numeric product ID"}');
      if (request.method === 'POST') return post(Number(id), request);
      if (version === 'v2') return json(500, '{"error":"could not connect to ratings database"}');
      await moods.delay();
      if (!moods.available()) return json(503, '{"error":"Service unavailable"}');
      return stars(Number(id));
    }

    function post(id: number, request: HttpRequest): HttpReply {
      let given: unknown;
      try {
        given = JSON.parse(bodyOf(request));
      } catch {
        return json(400, '{"error":"please provide valid ratings JSON"}');
      }
      if (version === 'v2') return json(501, '{"error":"Post not implemented for database backed ratings"}');
      posted.set(id, given as Stars);
      return stars(id);
    }

    function stars(id: number): HttpReply {
      return json(200, JSON.stringify({ id, ratings: posted.get(id) ?? USUAL }));
    }
  };
}

interface Moods {
  delay(): Promise<void>;
  available(): boolean;
  healthy(): boolean;
  stop(): void;
}

/** The misbehaving variants, chosen by SERVICE_VERSION. */
function createMoods({ env, clock, random }: ContainerContext): Moods {
  const mood = env.SERVICE_VERSION;
  const born = clock.now();
  const cancels = new Set<() => void>();
  const half = (length: number) => Math.floor((clock.now() - born) / length) % 2 === 0;
  return {
    delay: () => (mood === 'v-delayed' && random() < 0.5 ? sleep(clock, 7_000, cancels) : Promise.resolve()),
    available() {
      if (mood === 'v-faulty') return random() < 0.5;
      if (mood === 'v-unavailable') return half(MINUTE);
      return mood !== 'v-unhealthy' || half(15 * MINUTE);
    },
    healthy: () => mood !== 'v-unhealthy' || half(15 * MINUTE),
    stop() {
      for (const cancel of cancels) cancel();
    },
  };
}

function sleep(clock: Clock, milliseconds: number, cancels: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, () => {
      cancels.delete(cancel);
      resolve();
    });
    cancels.add(cancel);
  });
}
