// Channels of the API server as kubectl opens them: what goes wrong is said in its words.
import { ChannelRefusal, type ChannelSocket, openChannels as open } from '../../cluster/channels.ts';
import { ToolError } from '../tool.ts';
import type { Session } from './session.ts';
import { type Status, StatusError } from './status-error.ts';

export type { ChannelSocket } from '../../cluster/channels.ts';

export interface ChannelRequest {
  /** With its query. */
  path: string;
  protocols: string[];
  receive(channel: number, bytes: Buffer): void;
}

/** Rejects with StatusError for what the server refuses. */
export async function openChannels(
  session: Pick<Session, 'api' | 'signal'>,
  request: ChannelRequest,
): Promise<ChannelSocket> {
  const way = await session.api.way();
  try {
    return await open(way, { ...request, userAgent: 'kubectl/malla', signal: session.signal });
  } catch (error) {
    throw inKubectlWords(error);
  }
}

/** Of what openChannels of src/cluster rejects with: a StatusError for what the server refuses. */
export function inKubectlWords(error: unknown): Error {
  if (error instanceof ChannelRefusal) return refusalOf(error);
  return new ToolError(`error: error sending request: ${error instanceof Error ? error.message : String(error)}`);
}

function refusalOf({ body, message }: ChannelRefusal): Error {
  try {
    const status = JSON.parse(body) as Status;
    if (status.kind === 'Status') return new StatusError(status);
  } catch {
    // Not the API server's own answer.
  }
  return new ToolError(`error: unable to upgrade connection: ${message}`);
}
