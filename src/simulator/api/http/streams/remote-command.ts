// One exec or attach, whatever carries it: what the client asked for, and the channels between it and the program.

import type { ByteQueue } from '../../../exec/queue.ts';
import { ApiError } from '../../errors.ts';
import { failureStatus, type Status } from '../status.ts';
import { PlainRefusal } from './upgrade.ts';

export interface RemoteOptions {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

export interface RemoteChannels {
  /** Ends when the client closes its end, or goes away. */
  stdin: ByteQueue;
  /** No-op for what the client did not ask for. */
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
  /** Resolves when the client has taken what was written, or has gone. */
  drained(): Promise<void>;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

/** Resolves with the exit code. Throws ApiError for a program that could not be started. */
export type RemoteRun = (channels: RemoteChannels) => Promise<number>;

/** Above this the program waits before it writes more. */
export const MOST_UNSENT = 1024 * 1024;

/**
 * Of protocols v4 and v5. The API server itself speaks v5 and asks the kubelet in the client's place, so that a failure of
 * the runtime is told twice.
 */
export async function outcomeOf(
  protocol: string,
  run: Promise<number>,
  onBug: (error: unknown) => void,
): Promise<Status> {
  try {
    return exitStatus(await run);
  } catch (error) {
    if (error instanceof PlainRefusal) return failureStatus(internal(`unable to upgrade connection: ${error.message}`));
    if (error instanceof ApiError)
      return failureStatus(protocol.startsWith('v5') && error.code === 500 ? internal(error.message) : error);
    onBug(error);
    return failureStatus(internal(error instanceof Error ? error.message : String(error)));
  }
}

export const internal = (message: string): ApiError =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

function exitStatus(code: number): Status {
  if (code === 0) return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
  const message = `command terminated with non-zero exit code: exit status ${code}`;
  const details = { causes: [{ reason: 'ExitCode', message: String(code) }] };
  return { ...failureStatus(new ApiError(500, 'NonZeroExitCode', message, details)), code: undefined } as Status;
}

/** Of protocols before v4: text for a failure, nothing for a success. */
export function outcomeText({ status, message = '' }: Status): string {
  return status === 'Success' ? '' : message;
}
