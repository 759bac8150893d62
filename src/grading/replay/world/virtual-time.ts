// Time that only passes when nothing is left to do. A process that replays a hand-in sets its clocks, timers and chance
// aside for these: what takes seconds on a cluster takes none, and the same work gives the same answers to the byte.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { seededRandom } from './seeded-random.ts';

export interface VirtualTime {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Lets time pass until the work settles. Rejects with StuckError when nothing is left that could ever end it, or when
   * more than `longest` milliseconds of this time would pass.
   */
  during<T>(work: () => Promise<T>, longest: number): Promise<T>;
  /** Other chance from here on. */
  reseed(seed: string): void;
  /** Another world: it is `start` again, and nothing of the one before is waited for any more. */
  restart(start: number): void;
}

export class StuckError extends Error {}

interface Timer {
  due: number;
  /** Of timers due at once, those set first go first. */
  order: number;
  every: number | undefined;
  action: () => void;
}

/** Turns of the event loop without anything to do before time passes: Node's own streams put things off by one. */
const calm = 3;
/** Of one piece of work: timers that run out, and turns without time passing. Endless loops have more than any lab. */
const most = { timers: 3_000_000, turns: 3_000_000 };

/** Once for a process; there is no way back. Everything that runs in it lives in this time. */
export function enterVirtualTime(start: number, seed: string): VirtualTime {
  const real = { setImmediate, clearImmediate, setTimeout, clearTimeout, clearInterval };
  let now = start;
  let random = seededRandom(seed);
  let orders = 0;
  /** Of immediates and of work in other threads. */
  let underWay = 0;
  const waiting = new Set<Timer>();

  class VirtualTimeout {
    readonly #timer: Timer;
    constructor(action: () => void, milliseconds: unknown, repeats: boolean) {
      const time = typeof milliseconds === 'number' && milliseconds >= 1 ? Math.min(milliseconds, 2 ** 31 - 1) : 1;
      this.#timer = { due: now + time, order: ++orders, every: repeats ? time : undefined, action };
      waiting.add(this.#timer);
    }
    ref(): this {
      return this;
    }
    unref(): this {
      return this;
    }
    hasRef(): boolean {
      return true;
    }
    refresh(): this {
      const { every } = this.#timer;
      this.#timer.due = now + (every ?? this.#timer.due - now);
      return this;
    }
    close(): this {
      waiting.delete(this.#timer);
      return this;
    }
    [Symbol.dispose](): void {
      this.close();
    }
  }

  const set =
    (repeats: boolean) =>
    (action: (...given: unknown[]) => void, milliseconds?: unknown, ...given: unknown[]): VirtualTimeout =>
      new VirtualTimeout(() => action(...given), milliseconds, repeats);
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimeout) timer.close();
    else if (timer) real.clearTimeout(timer as NodeJS.Timeout);
  };
  const putOff = (action: (...given: unknown[]) => void, ...given: unknown[]): NodeJS.Immediate => {
    underWay++;
    const immediate = real.setImmediate(() => {
      outstanding.delete(immediate);
      underWay--;
      action(...given);
    });
    outstanding.add(immediate);
    return immediate;
  };
  const outstanding = new Set<unknown>();
  const clearPutOff = (immediate: NodeJS.Immediate | undefined): void => {
    if (outstanding.delete(immediate)) underWay--;
    real.clearImmediate(immediate);
  };
  const pause = (milliseconds?: number, value?: unknown, options: { signal?: AbortSignal } = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { signal } = options;
      const stop = (): void => {
        clear(timer);
        reject(new DOMException('The operation was aborted', 'AbortError'));
      };
      const timer = set(false)(() => {
        signal?.removeEventListener('abort', stop);
        resolve(value);
      }, milliseconds);
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });

  const require = createRequire(import.meta.url);
  const put = (holder: object, name: string, value: unknown): void => {
    Object.defineProperty(holder, name, { value, configurable: true, writable: true });
  };
  const timers = { setTimeout: set(false), setInterval: set(true), setImmediate: putOff };
  const clears = { clearTimeout: clear, clearInterval: clear, clearImmediate: clearPutOff };
  for (const [name, value] of Object.entries({ ...timers, ...clears })) {
    put(globalThis, name, value);
    put(require('node:timers') as object, name, value);
  }
  put(require('node:timers/promises') as object, 'setTimeout', pause);
  put(
    globalThis,
    'Date',
    virtualDate(() => now),
  );
  put(performance, 'now', () => now - start);
  put(Math, 'random', () => random());
  const crypto = require('node:crypto') as typeof import('node:crypto');
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)));
  put(crypto, 'randomUUID', () => uuidOf(bytes(16)));
  put(crypto, 'randomBytes', (count: number, done?: (error: null, made: Buffer) => void) => {
    if (!done) return bytes(count);
    process.nextTick(done, null, bytes(count));
    return undefined;
  });
  put(AbortSignal, 'timeout', (milliseconds: number) => {
    const controller = new AbortController();
    set(false)(
      () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      milliseconds,
    );
    return controller.signal;
  });
  countWork(crypto, (change) => {
    underWay += change;
  });
  syncBuiltinESMExports();

  function next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of waiting)
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    return first;
  }

  function fire(timer: Timer): void {
    now = Math.max(now, timer.due);
    if (timer.every === undefined) waiting.delete(timer);
    else {
      timer.due = now + timer.every;
      timer.order = ++orders;
    }
    timer.action();
  }

  return {
    now: () => now,
    reseed(text) {
      random = seededRandom(text);
    },
    restart(time) {
      waiting.clear();
      now = time;
      orders = 0;
    },
    during<T>(work: () => Promise<T>, longest: number): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const end = now + longest;
        let over = false;
        let quiet = 0;
        const left = { ...most };
        const fail = (why: string): void => {
          over = true;
          reject(new StuckError(why));
        };
        const turn = (): void => {
          if (over) return;
          if (--left.turns < 0) fail('demasiado trabajo sin que pase el tiempo');
          quiet = underWay > 0 || isReading() ? 0 : quiet + 1;
          if (quiet > calm) {
            const timer = next();
            if (!timer) fail('espera algo que nunca llega');
            else if (timer.due > end) fail(`pasa de ${Math.round(longest / 60_000)} minutos`);
            else if (--left.timers < 0) fail('demasiadas esperas');
            else {
              quiet = 0;
              left.turns = most.turns;
              fire(timer);
            }
          }
          real.setImmediate(turn);
        };
        const settle =
          <V>(then: (value: V) => void) =>
          (value: V): void => {
            over = true;
            then(value);
          };
        work().then(settle(resolve), settle(reject));
        real.setImmediate(turn);
      });
    },
  };
}

/** Of version 4. */
function uuidOf(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = bytes.toString('hex');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** Files and names that are being asked of the system. */
function isReading(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq') || name.startsWith('GetAddrInfo'));
}

function virtualDate(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** Tokens are verified by threads of the system, which getActiveResourcesInfo does not tell. */
function countWork({ webcrypto }: typeof import('node:crypto'), count: (change: number) => void): void {
  const methods = Object.getPrototypeOf(webcrypto.subtle) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(methods)) {
    const method = methods[name];
    if (name === 'constructor' || typeof method !== 'function') continue;
    Object.defineProperty(methods, name, {
      configurable: true,
      writable: true,
      value(this: unknown, ...given: unknown[]) {
        count(1);
        return Promise.resolve(method.apply(this, given)).finally(() => count(-1));
      },
    });
  }
}
