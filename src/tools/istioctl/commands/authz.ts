// Which AuthorizationPolicies an Envoy carries out, read from its own configuration.
import { fields, items } from '../../../mesh/read.ts';
import { ToolError } from '../../tool.ts';
import { columns } from '../proxy/columns.ts';
import { type Fields, readConfigDump } from '../proxy/config-dump.ts';
import { findPod } from '../proxy/find-pod.ts';
import { podRequest } from '../proxy/port-forward.ts';
import type { Command } from './command.ts';
import { readInput } from './install.ts';

export const authzCommand: Command = {
  summary: 'Qué AuthorizationPolicy aplica el Envoy de un pod',
  usage: 'check POD[.ESPACIO]',
  flags: { file: { short: 'f', kind: 'text' } },
  async run(invocation) {
    const [check, pod] = invocation.args;
    const file = invocation.flags.text('file');
    if (check !== 'check') throw new ToolError('specify «check»');
    if (pod === undefined && file === undefined)
      throw new ToolError('check requires only <pod-name>[.<pod-namespace>]');
    const dump = file === undefined ? await ask(pod ?? '') : await readInput(file, invocation);
    const rows = policies(readConfigDump(dump).listeners);
    invocation.streams.stdout.write(columns([['ACTION', 'AuthorizationPolicy', 'RULES'], ...rows], 3));
    return 0;

    async function ask(name: string): Promise<string> {
      const found = await findPod(invocation, name);
      return podRequest(
        invocation,
        { namespace: found.namespace, pod: found.name, port: 15_000 },
        'GET',
        'config_dump',
      );
    }
  },
};

function policies(listeners: readonly Fields[]): string[][] {
  const rules = new Map<string, Map<string, Set<string>>>();
  const add = (action: string, policy: string, rule: string) => {
    const byPolicy = rules.get(action) ?? new Map<string, Set<string>>();
    rules.set(action, byPolicy);
    byPolicy.set(policy, (byPolicy.get(policy) ?? new Set()).add(rule));
  };
  for (const config of listeners.flatMap(rbacConfigs)) {
    const { action, policies: named } = fields(config.rules);
    const shown = action === 'DENY' || action === 'LOG' ? action : 'ALLOW';
    const names = Object.keys(fields(named));
    // An RBAC filter without a policy lets nobody through.
    if (names.length === 0 && config.rules !== undefined && shown === 'ALLOW')
      add(shown, '_anonymous_match_nothing_', '0');
    for (const name of names) {
      const match = /^ns\[(.+?)\]-policy\[(.+?)\]-rule\[(\d+)\]$/.exec(name);
      add(shown, match ? `${match[2]}.${match[1]}` : name, match?.[3] ?? '0');
    }
  }
  return ['DENY', 'ALLOW', 'LOG'].flatMap((action) =>
    [...(rules.get(action) ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([policy, set]) => [action, policy, String(set.size)]),
  );
}

function rbacConfigs(listener: Fields): Fields[] {
  return items(listener.filter_chains).flatMap((chain) =>
    items(fields(chain).filters).flatMap((item) => {
      const config = fields(fields(item).typed_config);
      const inner = items(config.http_filters).map((f) => fields(fields(f).typed_config));
      return [config, ...inner].filter((c) => String(c['@type']).endsWith('.RBAC'));
    }),
  );
}
