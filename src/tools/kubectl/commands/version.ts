import { toJson, toYaml } from '../printing/serialise.ts';
import type { Command } from '../session.ts';

/** The kubectl whose grammar and words these are. */
const clientVersion = 'v1.32.0';
const kustomizeVersion = 'v5.5.0';

export const versionCommand: Command = {
  summary: 'Versiones de kubectl y del servidor',
  flags: { client: { kind: 'bool' }, output: { short: 'o', kind: 'text' } },
  async run({ flags, api, out }) {
    const server = flags.bool('client') ? undefined : await api.json<{ gitVersion: string }>({ path: '/version' });
    const format = flags.text('output');
    if (format === 'json' || format === 'yaml') {
      const facts = {
        clientVersion: { gitVersion: clientVersion, platform: `${process.platform}/${process.arch}` },
        kustomizeVersion,
        ...(server ? { serverVersion: server } : {}),
      };
      out(format === 'json' ? toJson(facts) : toYaml(facts));
      return 0;
    }
    out(`Client Version: ${clientVersion}\nKustomize Version: ${kustomizeVersion}\n`);
    if (server) out(`Server Version: ${server.gitVersion}\n`);
    return 0;
  },
};
