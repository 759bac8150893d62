// `kubectl exec` and `kubectl attach`: a program in a container, its streams carried to the client.
import type { KubeObject } from '../../../../mesh/objects.ts';
import { StartError } from '../../../exec/container-access.ts';
import { badRequest } from '../../errors.ts';
import type { Handler, ResourceRequest } from '../context.ts';
import { existing } from '../objects.ts';
import type { ApiReply } from '../request.ts';
import { internal, type RemoteOptions, type RemoteRun } from '../streams/remote-command.ts';
import { remoteSpdyProtocols, serveRemoteSpdy } from '../streams/remote-spdy.ts';
import { remoteWebSocketProtocols, serveRemoteWebSocket } from '../streams/remote-web-socket.ts';
import { asksForUpgrade, PlainRefusal, upgradeRequired } from '../streams/upgrade.ts';
import { chooseContainer } from './pod-containers.ts';
import { ofCore, type Subresource } from './subresource.ts';

const execHandler: Handler = (r) => {
  const { pod, container } = target(r);
  // What to run is looked at by who would run it, and nobody gets there without streams.
  if (!asksForUpgrade(r.request.headers)) throw upgradeRequired();
  const options = optionsOf(r);
  const command = r.request.query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  const run: RemoteRun = (channels) =>
    r.context.containers.exec(pod, container, { ...channels, command, tty: options.tty });
  return streamed(r, pod, container, options, run, `container not found ("${container}")`);
};

const attachHandler: Handler = (r) => {
  const { pod, container } = target(r);
  if (!asksForUpgrade(r.request.headers)) throw upgradeRequired();
  const options = optionsOf(r);
  const { stdin: interactive, tty } = options;
  const run: RemoteRun = (channels) => r.context.containers.attach(pod, container, { ...channels, interactive, tty });
  const { name, namespace = '' } = pod.metadata;
  return streamed(r, pod, container, options, run, `container ${container} not found in pod ${name}_${namespace}`);
};

export const exec: Subresource = {
  name: 'exec',
  of: ofCore('pods'),
  answers: () => ({ group: '', version: 'v1', kind: 'PodExecOptions' }),
  get: execHandler,
  create: execHandler,
};

export const attach: Subresource = {
  name: 'attach',
  of: ofCore('pods'),
  answers: () => ({ group: '', version: 'v1', kind: 'PodAttachOptions' }),
  get: attachHandler,
  create: attachHandler,
};

function optionsOf({ request: { query } }: ResourceRequest): RemoteOptions {
  // As Go's ParseBool reads them; what it cannot read is false.
  const on = (name: string, otherwise: boolean) =>
    query.has(name) ? /^(1|t|true)$/i.test(query.get(name) ?? '') : otherwise;
  const options = {
    stdin: on('stdin', false),
    stdout: on('stdout', false),
    stderr: on('stderr', false),
    tty: on('tty', false),
  };
  if (!options.stdin && !options.stdout && !options.stderr) {
    throw badRequest('you must specify at least one of stdin, stdout, stderr');
  }
  return options;
}

export function target(r: ResourceRequest): { pod: KubeObject; container: string } {
  const pod = existing(r);
  const container = chooseContainer(pod, r.request.query.get('container') ?? '');
  const { nodeName } = (pod.spec ?? {}) as { nodeName?: string };
  if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return { pod, container };
}

function streamed(
  r: ResourceRequest,
  pod: KubeObject,
  container: string,
  options: RemoteOptions,
  start: RemoteRun,
  notThere: string,
): ApiReply {
  const { containers, onBug } = r.context;
  const missing = () => (containers.isRunning(pod, container) ? undefined : notThere);
  const run: RemoteRun = async (channels) => {
    const why = missing();
    if (why !== undefined) throw new PlainRefusal(500, why);
    try {
      return await start(channels);
    } catch (error) {
      if (error instanceof StartError) throw internal(`error executing command in container: ${error.message}`);
      throw error;
    }
  };
  return {
    status: 400,
    headers: {},
    body: '',
    upgrade: {
      webSocket: {
        protocols: remoteWebSocketProtocols,
        serve: (socket, protocol) => void serveRemoteWebSocket(socket, protocol, options, run, onBug),
      },
      spdy: {
        protocols: remoteSpdyProtocols,
        check() {
          const why = missing();
          if (why !== undefined) throw new PlainRefusal(500, why);
        },
        serve: (connection, protocol) => serveRemoteSpdy(connection, protocol, options, run, onBug),
      },
    },
  };
}
