// Bootstrap tokens: Secrets of kube-system, as the cluster keeps them, and `kubeadm token`.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import { type HostMachine, textOf } from '../host-machine.ts';
import { readFlags } from './flags.ts';
import type { Output } from './output.ts';
import { KubeadmError, type KubeadmWorld } from './world.ts';

export const TOKEN_PATTERN = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;
const DAY = 24 * 60 * 60 * 1000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function newToken(random: () => number): string {
  const letters = (length: number) =>
    Array.from({ length }, () => LETTERS.charAt(Math.floor(random() * LETTERS.length))).join('');
  return `${letters(6)}.${letters(16)}`;
}

/** What a student types on a worker. */
export function joinCommand(advertise: string, token: string, hash: string, glue = ' \\\n\t'): string {
  return `kubeadm join ${advertise}:6443 --token ${token}${glue}--discovery-token-ca-cert-hash ${hash} `;
}

/** Throws KubeadmError when there is one with this id. */
export function createToken({ cluster, clock }: KubeadmWorld, token: string, life = DAY): void {
  const { registry } = cluster() ?? {};
  const [id = '', secret = ''] = token.split('.');
  const data = {
    'token-id': id,
    'token-secret': secret,
    ...(life > 0 && { expiration: `${new Date(clock.now() + life).toISOString().slice(0, 19)}Z` }),
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'true',
    'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
  };
  if (registry?.get('secrets', 'kube-system', `bootstrap-token-${id}`))
    throw new KubeadmError(`a token with id "${id}" already exists`);
  registry?.create('secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(data).map(([k, v]) => [k, Buffer.from(v).toString('base64')])),
  } as KubeObject);
}

interface Token {
  token: string;
  expires: string | undefined;
}

export function validTokens(registry: Registry, now: number): Token[] {
  return registry.list('secrets', 'kube-system').flatMap((secret) => {
    const { data = {}, type } = secret as KubeObject & { data?: Record<string, string>; type?: string };
    if (type !== 'bootstrap.kubernetes.io/token') return [];
    const read = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
    const expires = read('expiration') || undefined;
    if (expires && Date.parse(expires) <= now) return [];
    return [{ token: `${read('token-id')}.${read('token-secret')}`, expires }];
  });
}

export async function token(
  host: HostMachine,
  argv: readonly string[],
  world: KubeadmWorld,
  out: Output,
): Promise<void> {
  const flags = readFlags(argv, ['print-join-command', 'ttl=', 'description=', 'v=', 'kubeconfig=']);
  const [verb = '', given] = flags.words;
  if (verb === 'generate') return out.say(newToken(world.random));
  if (!['create', 'list', 'delete'].includes(verb))
    throw new KubeadmError(`missing or unknown subcommand of "kubeadm token": ${verb}`);
  const cluster = world.cluster();
  if (textOf(host, '/etc/kubernetes/admin.conf') === undefined)
    throw new KubeadmError('failed to load admin kubeconfig: open /root/.kube/config: no such file or directory');
  if (!cluster) throw new KubeadmError('could not create a bootstrap token: dial tcp: connect: connection refused');
  const { registry, plan } = cluster;
  switch (verb) {
    case 'create': {
      const made = given ?? newToken(world.random);
      if (!TOKEN_PATTERN.test(made))
        throw new KubeadmError(
          `the bootstrap token "${made}" was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
        );
      createToken(world, made, lifeOf(flags.text('ttl')));
      out.say(flags.has('print-join-command') ? joinCommand(plan.advertise, made, world.caHash, ' ') : made);
      return;
    }
    case 'list': {
      out.say(`${'TOKEN'.padEnd(26)}${'EXPIRES'.padEnd(23)}USAGES`);
      for (const t of validTokens(registry, world.clock.now()))
        out.say(`${t.token.padEnd(26)}${(t.expires ?? '<never>').padEnd(23)}authentication,signing`);
      return;
    }
    default: {
      const [id = ''] = (given ?? '').split('.');
      if (!registry.remove('secrets', 'kube-system', `bootstrap-token-${id}`))
        throw new KubeadmError(`failed to delete bootstrap token "${id}": secrets "bootstrap-token-${id}" not found`);
      out.say(`bootstrap token "${id}" deleted`);
    }
  }
}

function lifeOf(text: string | undefined): number {
  if (text === undefined) return DAY;
  const [, amount = '', unit = 'h'] = /^(\d+)(h|m|s)?$/.exec(text) ?? [];
  if (amount === '')
    throw new KubeadmError(`invalid argument "${text}" for "--ttl" flag: time: invalid duration "${text}"`);
  return Number(amount) * ({ h: 3_600_000, m: 60_000, s: 1_000 }[unit] ?? 0);
}
