// One connection to a port of a pod, as channels of the API server carry it.
import type { ChannelRequest } from '../channels.ts';

export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

/** Bytes for the pod go on it, and those of the pod come from it. */
export const dataChannel = 0;
const errorChannel = 1;

export interface PodPortListener {
  data(bytes: Buffer): void;
  /** Part of what the pod's node says is wrong, in its words. */
  problem(text: string): void;
}

/** What is asked of the API server for one connection. */
export function podPortChannels(
  { namespace, pod, port }: PodPort,
  { data, problem }: PodPortListener,
): Pick<ChannelRequest, 'path' | 'protocols' | 'receive'> {
  const told = new Set<number>();
  return {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward?ports=${port}`,
    protocols: ['v4.channel.k8s.io'],
    receive(channel, bytes) {
      // The first message of each channel repeats the port.
      if (!told.has(channel)) told.add(channel);
      else if (channel === dataChannel) data(bytes);
      else if (channel === errorChannel && bytes.length > 0) problem(bytes.toString('utf8'));
    },
  };
}
