// Modules and settings of the kernel.
import type { Program } from '../../exec/program.ts';
import { define, ProgramError } from '../../exec/programs/define.ts';
import { type HostMachine, textOf } from '../host-machine.ts';
import { loadModule, unloadModule } from '../machine-state.ts';

const KNOWN = ['overlay', 'br_netfilter', 'bridge', 'vxlan', 'nf_conntrack', 'ip_tables'];

export const modprobe = (host: HostMachine): Program =>
  define('modprobe', 'arvq', ({ flags, rest }) => {
    const wanted = flags.has('a') ? rest : rest.slice(0, 1);
    if (wanted.length === 0) throw new ProgramError('ERROR: missing parameters. See -h.');
    for (const name of wanted) {
      const module = name.replaceAll('-', '_');
      if (!KNOWN.includes(module))
        throw new ProgramError(`FATAL: Module ${name} not found in directory /lib/modules/6.1.0-41-amd64`);
      if (flags.has('r')) unloadModule(host.state, module);
      else loadModule(host.state, module);
    }
    host.changed();
  });

const SIZES: Record<string, string> = { overlay: '163840  0', br_netfilter: '36864  0', bridge: '311296  1' };

export const lsmod = (host: HostMachine): Program =>
  define('lsmod', '', (_options, { stdout }) => {
    const loaded = [...host.state.modules, ...(host.state.modules.includes('br_netfilter') ? ['bridge'] : [])];
    const rows = [...new Set(loaded)].map((m) => {
      const [size = '16384', used = '0'] = (SIZES[m] ?? '16384  0').split('  ');
      return `${m.padEnd(19)} ${size.padStart(8)}  ${used}${m === 'bridge' ? ' br_netfilter' : ''}\n`;
    });
    stdout(`Module                  Size  Used by\n${rows.join('')}ext4                  983040  1\n`);
  });

export const sysctl = (host: HostMachine): Program =>
  define(
    'sysctl',
    'anepqw',
    ({ flags, rest }, { stdout, stderr }) => {
      const { state } = host;
      if (flags.has('y')) {
        for (const { key, value } of storedSettings(host)) apply(key, value);
        host.changed();
        return;
      }
      if (flags.has('a')) {
        for (const [key, value] of Object.entries(state.sysctl)) stdout(`${key} = ${value}\n`);
        return;
      }
      if (flags.has('p')) {
        for (const { key, value } of settingsIn(textOf(host, rest[0] ?? '/etc/sysctl.conf') ?? '')) apply(key, value);
        host.changed();
        return;
      }
      let code = 0;
      for (const word of rest) {
        const [name = '', value] = word.split(/=(.*)/s);
        const key = name.trim().replaceAll('/', '.');
        if (value !== undefined) {
          if (!apply(key, value.trim())) code = 1;
        } else if (state.sysctl[key] === undefined) {
          stderr(`sysctl: cannot stat ${pathOf(key)}: No such file or directory\n`);
          code = 1;
        } else stdout(flags.has('n') ? `${state.sysctl[key]}\n` : `${key} = ${state.sysctl[key]}\n`);
      }
      host.changed();
      return code;

      function apply(key: string, value: string): boolean {
        if (!setSetting(host, key, value)) {
          stderr(`sysctl: cannot stat ${pathOf(key)}: No such file or directory\n`);
          return false;
        }
        stdout(`${key} = ${value}\n`);
        return true;
      }
    },
    { system: 'y', write: 'w', load: 'p', all: 'a' },
  );

const pathOf = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

/** False: there is no such setting, as long as the module that brings it is not loaded. */
function setSetting({ state }: HostMachine, key: string, value: string): boolean {
  if (state.sysctl[key] === undefined) return false;
  state.sysctl[key] = value;
  return true;
}

/** Of the files that are read at boot and by `sysctl --system`, in their order. */
function storedSettings(host: HostMachine): { key: string; value: string }[] {
  const folder = '/etc/sysctl.d';
  const names = host.files.kind(folder) === 'folder' ? host.files.list(folder).filter((n) => n.endsWith('.conf')) : [];
  return [...names.map((n) => `${folder}/${n}`), '/etc/sysctl.conf'].flatMap((p) => settingsIn(textOf(host, p) ?? ''));
}

function settingsIn(text: string): { key: string; value: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, key = '', value = ''] = /^\s*([\w./-]+)\s*=\s*(\S.*?)\s*$/.exec(line) ?? [];
    return key === '' || /^\s*[#;]/.test(line) ? [] : [{ key: key.replaceAll('/', '.'), value }];
  });
}

/** What the kernel is after a boot: what files say, and nothing else. */
export function bootKernel(host: HostMachine): void {
  const { state } = host;
  for (const module of [...state.modules]) unloadModule(state, module);
  state.sysctl = { 'net.ipv4.ip_forward': '0' };
  const folder = '/etc/modules-load.d';
  const names = host.files.kind(folder) === 'folder' ? host.files.list(folder).filter((n) => n.endsWith('.conf')) : [];
  for (const path of ['/etc/modules', ...names.map((n) => `${folder}/${n}`)])
    for (const line of (textOf(host, path) ?? '').split('\n')) {
      const module = line.replace(/#.*/, '').trim().replaceAll('-', '_');
      if (KNOWN.includes(module)) loadModule(state, module);
    }
  for (const { key, value } of storedSettings(host)) setSetting(host, key, value);
}
