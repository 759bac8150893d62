// The program kubeadm on one machine.
import type { Program } from '../../exec/program.ts';
import type { HostMachine } from '../host-machine.ts';
import { init } from './init.ts';
import { join } from './join.ts';
import { outputFor } from './output.ts';
import { VERSION } from './preflight.ts';
import { reset } from './reset.ts';
import { token } from './tokens.ts';
import { KubeadmError, type KubeadmWorld } from './world.ts';

export const kubeadm =
  (host: HostMachine, world: KubeadmWorld): Program =>
  async ([verb = '', ...argv], streams) => {
    const out = outputFor(streams, world);
    try {
      switch (verb) {
        case 'init':
          await init(host, argv, world, out);
          return 0;
        case 'join':
          await join(host, argv, world, out);
          return 0;
        case 'reset':
          await reset(host, argv, world, out, streams);
          return 0;
        case 'token':
          await token(host, argv, world, out);
          return 0;
        case 'version':
          out.say(
            argv.includes('short') || argv.includes('-oshort')
              ? VERSION
              : `kubeadm version: &version.Info{GitVersion:"${VERSION}"}`,
          );
          return 0;
        case '':
          out.say('Usage:\n  kubeadm [command]\n\nAvailable Commands: init, join, reset, token, version');
          return 0;
        default:
          throw new KubeadmError(`unknown command "${verb}" for "kubeadm"`);
      }
    } catch (error) {
      if (!(error instanceof KubeadmError)) throw error;
      out.warn(`error: ${error.message}\nTo see the stack trace of this error execute with --v=5 or higher`);
      return 1;
    } finally {
      host.changed();
    }
  };
