// How long things take: long enough to be seen on the way, short enough not to be waited for.

/** How fast the simulated cluster does things that take time on a real one. Milliseconds. */
export interface Delays {
  schedule: number;
  /** Image pull, first time on a node. */
  pull: number;
  /** From image present to container running. */
  start: number;
  /** From a command's start to the kubelet saying that it runs: one that ends before is only said to have ended. */
  notice: number;
  /** From running to the first successful readiness. */
  ready: number;
  /** From a changed mesh object to the proxies obeying it. */
  push: number;
  /** From there to istiod knowing it. */
  acknowledge: number;
}

export const usualDelays: Delays = {
  schedule: 10,
  pull: 250,
  start: 60,
  notice: 400,
  ready: 80,
  push: 25,
  acknowledge: 15,
};

/** For tests and benches: everything at once. */
export const fastDelays: Delays = { schedule: 0, pull: 0, start: 0, notice: 0, ready: 0, push: 0, acknowledge: 0 };
