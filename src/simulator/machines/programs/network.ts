// ip and ping of a machine: its two interfaces, and those that the pod network adds.
import type { Program } from '../../exec/program.ts';
import { MACHINES } from '../../nodes/bootstrap-nodes.ts';
import { type HostMachine, textOf } from '../host-machine.ts';

export const ip =
  (host: HostMachine, podCIDR: () => string | undefined): Program =>
  async (argv, { stdout, stderr }) => {
    const words = argv.filter((word) => !word.startsWith('-'));
    const brief = argv.some((word) => word === '-br' || word === '-brief');
    const [object = ''] = words;
    if (object !== '' && 'address'.startsWith(object)) stdout(addresses(host, podCIDR(), brief, words.at(-1)));
    else if (object !== '' && 'link'.startsWith(object)) stdout(addresses(host, podCIDR(), true, words.at(-1)));
    else if (object !== '' && 'route'.startsWith(object)) stdout(routes(host, podCIDR()));
    else {
      stderr(
        object === ''
          ? 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n'
          : `Object "${object}" is unknown, try "ip help".\n`,
      );
      return object === '' ? 255 : 1;
    }
    return 0;
  };

interface Link {
  name: string;
  address: string;
  mtu: number;
  mac: string;
}

function linksOf({ state }: HostMachine, podCIDR: string | undefined): Link[] {
  const last = Number(state.address.split('.')[3]);
  const hex = last.toString(16).padStart(2, '0');
  const [, start = ''] = /^(.*)\.0\/\d+$/.exec(podCIDR ?? '') ?? [];
  return [
    { name: 'lo', address: '127.0.0.1/8', mtu: 65_536, mac: '00:00:00:00:00:00' },
    { name: 'enp0s3', address: '10.0.2.15/24', mtu: 1500, mac: `08:00:27:1a:2b:${hex}` },
    { name: 'enp0s8', address: `${state.address}/24`, mtu: 1500, mac: `08:00:27:3c:4d:${hex}` },
    ...(start
      ? [
          { name: 'flannel.1', address: `${start}.0/32`, mtu: 1450, mac: `4a:5b:6c:7d:8e:${hex}` },
          { name: 'cni0', address: `${start}.1/24`, mtu: 1450, mac: `be:1f:20:31:42:${hex}` },
        ]
      : []),
  ];
}

function addresses(host: HostMachine, podCIDR: string | undefined, brief: boolean, only: string | undefined): string {
  const all = linksOf(host, podCIDR).map((link, i) => ({ ...link, number: i + 1 }));
  const named = all.filter((link) => link.name === only);
  return (named.length > 0 ? named : all)
    .map(({ name, address, mtu, mac, number }) => {
      const loop = name === 'lo';
      if (brief) return `${name.padEnd(17)}${loop ? 'UNKNOWN' : 'UP     '}        ${address}\n`;
      return (
        `${number}: ${name}: <${loop ? 'LOOPBACK,UP' : 'BROADCAST,MULTICAST,UP'},LOWER_UP> mtu ${mtu} qdisc noqueue state ${loop ? 'UNKNOWN' : 'UP'} group default qlen 1000\n` +
        `    link/${loop ? 'loopback' : 'ether'} ${mac} brd ${loop ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'}\n` +
        `    inet ${address} scope ${loop ? 'host' : 'global'} ${name}\n       valid_lft forever preferred_lft forever\n`
      );
    })
    .join('');
}

function routes({ state }: HostMachine, podCIDR: string | undefined): string {
  const own = podCIDR ? `${podCIDR} dev cni0 proto kernel scope link src ${podCIDR.replace(/\.0\/\d+$/, '.1')}\n` : '';
  return (
    'default via 10.0.2.2 dev enp0s3\n10.0.2.0/24 dev enp0s3 proto kernel scope link src 10.0.2.15\n' +
    `${own}192.168.56.0/24 dev enp0s8 proto kernel scope link src ${state.address}\n`
  );
}

/** The address of a name, as the machine's own hosts file has it. */
export function resolveName(host: HostMachine, name: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(name)) return name;
  for (const line of (textOf(host, '/etc/hosts') ?? '').split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address && !address.includes(':') && names.includes(name)) return address;
  }
  return name === host.state.name ? '127.0.1.1' : undefined;
}

export const ping =
  (host: HostMachine): Program =>
  async (argv, { stdout, stderr, machine, signal }) => {
    const at = argv.indexOf('-c');
    const wanted = at < 0 ? 3 : Math.min(20, Math.max(1, Number(argv[at + 1]) || 1));
    const target = argv.find((word, i) => !word.startsWith('-') && (at < 0 || i !== at + 1));
    if (target === undefined) {
      stderr('ping: usage error: Destination address required\n');
      return 1;
    }
    const address = resolveName(host, target);
    if (address === undefined) {
      stderr(`ping: ${target}: Name or service not known\n`);
      return 2;
    }
    const there = address.startsWith('127.') || MACHINES.some((m) => m.address === address);
    stdout(`PING ${target} (${address}) 56(84) bytes of data.\n`);
    for (let i = 1; i <= wanted && !signal.aborted; i += 1) {
      if (there) stdout(`64 bytes from ${address}: icmp_seq=${i} ttl=64 time=0.4 ms\n`);
      if (i < wanted) await new Promise<void>((resolve) => machine.context?.clock.after(100, resolve) ?? resolve());
    }
    const received = there ? wanted : 0;
    stdout(
      `\n--- ${target} ping statistics ---\n${wanted} packets transmitted, ${received} received, ${there ? 0 : 100}% packet loss\n`,
    );
    return there ? 0 : 1;
  };
