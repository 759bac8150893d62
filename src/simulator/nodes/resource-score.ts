// How good a node is for a pod by what is left there: room, evenly of cpu and memory, and its images.
import { quantityOf } from '../../mesh/quantity.ts';
import type { Pod } from '../controllers/kinds.ts';
import type { NodeState } from './node-book.ts';
import type { Requests } from './pod-resources.ts';
import { BEST } from './score.ts';

/** 0 to 100: the share of cpu and of memory that stays free with the pod, on average. */
export function leastAllocated({ assumed }: Requests, { room, assumed: used }: NodeState): number {
  const cpu = freeShare(used.cpu + assumed.cpu, room.cpu);
  const memory = freeShare(used.memory + assumed.memory, room.memory);
  if (cpu === undefined || memory === undefined) return cpu ?? memory ?? 0;
  return Math.trunc((cpu + memory) / 2);
}

/** 0 to 100: the closer the shares of cpu and memory that are asked for. A pod that asks for nothing unbalances nothing. */
export function balancedAllocation(requests: Requests, { room, used }: NodeState): number {
  if (requests.cpu === 0 && requests.memory === 0) return 0;
  if (room.cpu === 0 || room.memory === 0) return BEST;
  const cpu = Math.min(1, (used.cpu + requests.cpu) / room.cpu);
  const memory = Math.min(1, (used.memory + requests.memory) / room.memory);
  return whole((1 - Math.abs(cpu - memory) / 2) * BEST);
}

/** 0 to 100 for each of `fitting`, by the size of the pod's images that it has; undefined: no node tells of any. */
export function imageScores(
  pod: Pod,
  fitting: readonly NodeState[],
  nodes: readonly NodeState[],
): number[] | undefined {
  if (!fitting.some(({ node }) => node.status?.images)) return undefined;
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const spread = containers.map(({ image }) => nodes.filter((state) => sizeOf(image, state) > 0).length / nodes.length);
  const most = LARGEST * containers.length;
  return fitting.map((state) => {
    const sum = containers.reduce(
      (total, { image }, i) => total + Math.trunc(sizeOf(image, state) * (spread[i] ?? 0)),
      0,
    );
    return Math.trunc((BEST * (Math.min(Math.max(sum, SMALLEST), most) - SMALLEST)) / (most - SMALLEST));
  });
}

/** Bytes: below, an image is soon there; above, it makes no difference. */
const SMALLEST = 23 * 1024 * 1024;
const LARGEST = 1000 * 1024 * 1024;

function sizeOf(image: string, { node }: NodeState): number {
  const images = (node.status?.images ?? []) as { names?: string[]; sizeBytes?: number | string }[];
  const wanted = /:[^/]+$/.test(image) ? image : `${image}:latest`;
  return quantityOf(images.find(({ names }) => names?.includes(wanted))?.sizeBytes);
}

function freeShare(asked: number, room: number): number | undefined {
  if (room === 0) return undefined;
  return asked > room ? 0 : whole(((room - asked) * BEST) / room);
}

/** Sums of decimal fractions come out a little below what they are. */
function whole(score: number): number {
  return Math.trunc(score + 1e-6);
}
