// One container of a pod on its way from image to running program, and back again when it ends.
import type { Clock, RunningContainer, WorkloadModel } from '../contract.ts';
import type { Container, ContainerState, ContainerStatus } from '../controllers/kinds.ts';
import { parseTime, timestamp } from '../controllers/time.ts';
import type { Delays } from '../delays.ts';
import { probeContainer } from './container-probes.ts';
import { ConfigError } from './environment.ts';
import { pullImage } from './image-pull.ts';
import { containerId, defaultPullPolicy, fullImageName, imageId } from './images.ts';
import type { ContainerRole, ContainerView } from './pod-status.ts';
import { duration, restartPause, startsAgain } from './restarts.ts';

/** What a container needs of its pod. */
export interface ContainerHost {
  readonly clock: Clock;
  readonly delays: Delays;
  readonly restartPolicy: string;
  /** `name_namespace(uid)`, as back-off messages say it. */
  readonly podLabel: string;
  readonly podIP: string;
  hasImage(image: string): boolean;
  addImage(image: string): void;
  model(image: string): WorkloadModel | undefined;
  /** Starts the program; throws ConfigError when the environment cannot be put together. */
  prepare(container: Container, onExit: (code: number) => void): () => RunningContainer;
  programs(): Iterable<RunningContainer>;
  record(type: 'Normal' | 'Warning', reason: string, message: string, container: PodContainer): void;
  /** Something that others see has changed. */
  changed(): void;
}

/** A program that ran this long has its back-off forgotten. */
const STABLE = 600_000;

/** The list of a pod's spec that has the containers of a role. */
const LISTS: Readonly<Record<ContainerRole, string>> = {
  init: 'initContainers',
  sidecar: 'initContainers',
  main: 'containers',
  debug: 'ephemeralContainers',
};

/** Of one that has not ended yet. */
const NEVER_RAN: ContainerState = {};

export class PodContainer {
  readonly spec: Container;
  readonly role: ContainerRole;
  program: RunningContainer | undefined;
  #stage: 'idle' | 'starting' | 'config' | 'running' | 'exited' = 'idle';
  #state: ContainerState;
  #lastState = NEVER_RAN;
  #ready = false;
  #started = false;
  #restarts = 0;
  #quickExits = 0;
  #containerID: string | undefined;
  #fieldPath: string | undefined;
  /** What is said of it while nobody has noticed yet that it runs. */
  #unnoticed: ContainerStatus | undefined;
  #host: ContainerHost;
  /** Of what it waits for, which most of the time is nothing. */
  #cancels: Set<() => void> | undefined;

  constructor(host: ContainerHost, spec: Container, role: ContainerRole, firstReason: string) {
    this.#host = host;
    this.spec = spec;
    this.role = role;
    this.#state = { waiting: { reason: firstReason } };
  }

  /** Goes on from a status that an earlier process wrote. A running program runs again without anybody noticing. */
  resume(status: ContainerStatus): void {
    this.#state = status.state;
    this.#lastState = status.lastState ?? {};
    this.#restarts = status.restartCount;
    this.#containerID = status.containerID;
    if (status.state.terminated) this.#stage = 'exited';
    if (!status.state.running) return;
    this.#host.addImage(this.spec.image);
    try {
      this.program = this.#host.prepare(this.spec, (code) => this.#exit(code))();
    } catch {
      this.#stage = 'idle';
      return;
    }
    this.#stage = 'running';
    this.#ready = status.ready;
    this.#started = status.started ?? true;
    this.#startProbes();
  }

  get view(): ContainerView {
    return {
      role: this.role,
      status: this.#unnoticed ?? this.#status(),
      initialized: this.#initialized(),
      finished: this.finished,
    };
  }

  /** As events name it: `spec.containers{web}`. */
  get fieldPath(): string {
    // One text for all of them, and no chain of its parts.
    this.#fieldPath ??= ['spec.', LISTS[this.role], '{', this.spec.name, '}'].join('');
    return this.#fieldPath;
  }

  get idle(): boolean {
    return this.#stage === 'idle';
  }

  /** Ended for good: not waiting to be started again. */
  get finished(): boolean {
    return this.#stage === 'exited' && !this.#startsAgain();
  }

  start(): void {
    if (this.#stage !== 'idle') return;
    this.#stage = 'starting';
    this.#pull();
  }

  get waitsForConfig(): boolean {
    return this.#stage === 'config';
  }

  /** Tries again after a ConfigMap or Secret changed. */
  retryConfig(): void {
    if (this.#stage !== 'config') return;
    this.#stage = 'starting';
    this.#create();
  }

  /** For good: the pod has finished or goes away. A program that is told to stop ends well. */
  stop(): void {
    this.#cancelAll();
    this.#unnoticed = undefined;
    this.#stopProgram();
    if (this.#stage === 'running') this.#state = this.#termination(0);
    this.#ready = false;
    this.#started = false;
    this.#stage = 'exited';
  }

  #pull(): void {
    const { image, imagePullPolicy } = this.spec;
    pullImage({
      image,
      policy: imagePullPolicy ?? defaultPullPolicy(image),
      present: this.#host.hasImage(image) && this.#host.model(image) !== undefined,
      exists: () => this.#host.model(image) !== undefined,
      delay: this.#host.delays.pull,
      clock: this.#host.clock,
      later: (milliseconds, action) => this.#later(milliseconds, action),
      say: (type, reason, message) => this.#say(type, reason, message),
      wait: (reason, message) => this.#wait(reason, message),
      onPresent: () => {
        this.#host.addImage(image);
        this.#create();
      },
    });
  }

  #create(): void {
    let launch: () => RunningContainer;
    let exitCode: number | undefined;
    let running = false;
    try {
      launch = this.#host.prepare(this.spec, (code) => {
        if (running) this.#exit(code);
        else exitCode = code;
      });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#stage = 'config';
      this.#say('Warning', 'Failed', `Error: ${error.message}`);
      this.#wait('CreateContainerConfigError', error.message);
      return;
    }
    this.#later(this.#host.delays.start, () => {
      const before = this.#status();
      this.#containerID = containerId(`${this.#host.podLabel}/${this.spec.name}/${this.#restarts}`);
      this.#say('Normal', 'Created', `Created container: ${this.spec.name}`);
      this.#say('Normal', 'Started', `Started container ${this.spec.name}`);
      this.#state = { running: { startedAt: timestamp(this.#host.clock) } };
      this.#stage = 'running';
      try {
        this.program = launch();
      } catch {
        exitCode = 1;
      }
      running = true;
      // A simulated program knows no end of its own unless it says so; an init container is there to end.
      if (exitCode === undefined && this.role === 'init' && !this.program?.main) exitCode = 0;
      if (exitCode !== undefined) return this.#exit(exitCode);
      this.#started = !this.spec.startupProbe;
      this.#ready = this.#started && !this.spec.readinessProbe;
      this.#startProbes();
      if (this.program?.main) this.#noticeLater(before);
      this.#host.changed();
    });
  }

  /** The kubelet looks at its containers every so often: who attaches to a command that has ended meanwhile would find nothing. */
  #noticeLater(before: ContainerStatus): void {
    const { notice } = this.#host.delays;
    if (notice <= 0) return;
    this.#unnoticed = before;
    this.#later(notice, () => {
      this.#unnoticed = undefined;
      this.#host.changed();
    });
  }

  #exit(code: number): void {
    if (this.#stage !== 'running') return;
    this.#cancelAll();
    this.#unnoticed = undefined;
    this.#stopProgram();
    const lasted = this.#host.clock.now() - parseTime(this.#state.running?.startedAt);
    this.#state = this.#termination(code);
    this.#ready = false;
    this.#started = false;
    this.#stage = 'exited';
    this.#host.changed();
    if (this.#stage === 'exited' && this.#startsAgain()) this.#restart(lasted);
  }

  #termination(exitCode: number): ContainerState {
    const now = timestamp(this.#host.clock);
    return {
      terminated: {
        ...(this.#containerID && { containerID: this.#containerID }),
        exitCode,
        reason: exitCode === 0 ? 'Completed' : 'Error',
        startedAt: this.#state.running?.startedAt ?? now,
        finishedAt: now,
      },
    };
  }

  #restart(lasted: number): void {
    this.#quickExits = lasted > STABLE ? 0 : this.#quickExits + 1;
    const pause = restartPause(this.#quickExits);
    const again = () => {
      this.#lastState = this.#lastTermination();
      this.#restarts += 1;
      this.#stage = 'starting';
      this.#pull();
    };
    if (pause === 0) {
      this.#later(this.#host.delays.start, again);
      return;
    }
    const { name } = this.spec;
    const { podLabel } = this.#host;
    this.#lastState = this.#lastTermination();
    this.#say('Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${podLabel}`);
    const text = `back-off ${duration(pause)} restarting failed container=${name} pod=${podLabel}`;
    this.#wait('CrashLoopBackOff', text);
    this.#later(pause, again);
  }

  #lastTermination(): ContainerState {
    return this.#state.terminated ? this.#state : this.#lastState;
  }

  #startsAgain(): boolean {
    return startsAgain(this.role, this.#host.restartPolicy, this.#state.terminated?.exitCode ?? 0);
  }

  #initialized(): boolean {
    if (this.role === 'main' || this.role === 'debug') return true;
    if (this.role === 'sidecar') return this.#started;
    return this.#state.terminated?.exitCode === 0;
  }

  #startProbes(): void {
    const { startupProbe, readinessProbe, livenessProbe } = this.spec;
    if (!startupProbe && !readinessProbe && !livenessProbe) return;
    const stop = probeContainer({
      spec: this.spec,
      podIP: this.#host.podIP,
      clock: this.#host.clock,
      programs: () => this.#host.programs(),
      readyDelay: this.#host.delays.ready,
      started: this.#started,
      ready: this.#ready,
      onStarted: () => {
        this.#started = true;
        this.#ready = !this.spec.readinessProbe;
        this.#host.changed();
      },
      onReady: (ready) => this.#setReady(ready),
      onDead: (probe) => {
        this.#say('Normal', 'Killing', `Container ${this.spec.name} failed ${probe} probe, will be restarted`);
        this.#exit(137);
      },
      onMiss: (message) => this.#say('Warning', 'Unhealthy', message),
    });
    // A program that answers at once may be declared dead before the stop is here.
    if (this.#stage === 'running') this.#keep(stop);
    else stop();
  }

  #setReady(ready: boolean): void {
    if (this.#ready === ready) return;
    this.#ready = ready;
    this.#host.changed();
  }

  #wait(reason: string, message: string): void {
    this.#state = { waiting: { reason, message } };
    this.#host.changed();
  }

  /** At once when there is nothing to wait for, so that a cluster without delays takes no turns. */
  #later(milliseconds: number, action: () => void): void {
    if (milliseconds <= 0) {
      action();
      return;
    }
    const cancel = this.#host.clock.after(milliseconds, () => {
      this.#cancels?.delete(cancel);
      if (this.#cancels?.size === 0) this.#cancels = undefined;
      action();
    });
    this.#keep(cancel);
  }

  #keep(cancel: () => void): void {
    this.#cancels = (this.#cancels ?? new Set()).add(cancel);
  }

  #cancelAll(): void {
    const cancels = this.#cancels;
    this.#cancels = undefined;
    for (const cancel of cancels ?? []) cancel();
  }

  #stopProgram(): void {
    this.program?.stop?.();
    this.program = undefined;
  }

  #say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#host.record(type, reason, message, this);
  }

  #status(): ContainerStatus {
    const ran = this.#containerID !== undefined;
    const { requests } = this.spec.resources ?? {};
    return {
      name: this.spec.name,
      image: ran ? fullImageName(this.spec.image) : this.spec.image,
      imageID: ran ? imageId(this.spec.image) : '',
      ...(this.#containerID && { containerID: this.#containerID }),
      state: this.#state,
      lastState: this.#lastState,
      ready: this.role === 'init' ? this.#initialized() : this.#ready,
      started: this.#started,
      restartCount: this.#restarts,
      ...(ran && this.spec.resources && { resources: this.spec.resources }),
      ...(ran && requests && { allocatedResources: requests }),
    };
  }
}
