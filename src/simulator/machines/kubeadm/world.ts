// What kubeadm does to the machines, and what it asks of them.
import type { Clock, Registry } from '../../contract.ts';
import type { Delays } from '../../delays.ts';
import type { HostMachine } from '../host-machine.ts';

export interface KubeadmWorld {
  clock: Clock;
  delays: Delays;
  random: () => number;
  /** PEM of the cluster's CA. */
  caCertificate: string;
  /** `sha256:…` of the CA's public key, as joins pin it. */
  caHash: string;
  /** The cluster whose control plane runs now. */
  cluster(): RunningCluster | undefined;
  /** Starts an empty cluster with this machine as its control plane. */
  initialise(host: HostMachine, plan: ClusterPlan): Promise<void>;
  /** The machine's kubelet registers its node. */
  register(host: HostMachine): void;
  /** What kubeadm made on the machine is gone; with the control plane goes the cluster. */
  leave(host: HostMachine): Promise<void>;
}

export interface ClusterPlan {
  /** Name of the machine with the control plane. */
  controlPlane: string;
  advertise: string;
  podSubnet?: string;
}

export interface RunningCluster {
  registry: Registry;
  plan: ClusterPlan;
}

/** Ends kubeadm with `error: …`. */
export class KubeadmError extends Error {}
