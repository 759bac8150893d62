// systemctl and journalctl, for the services that make a machine a node.
import type { Program } from '../../exec/program.ts';
import type { HostMachine } from '../host-machine.ts';
import { isInstalled, kubeletTrouble, type ServiceName, settleKubelet, startContainerd } from '../services.ts';

export const systemctl =
  (host: HostMachine): Program =>
  async (argv, { stdout, stderr }) => {
    const now = argv.includes('--now');
    const [verb = '', ...units] = argv.filter((word) => !word.startsWith('-'));
    if (verb === 'daemon-reload') return 0;
    if (!VERBS.includes(verb)) {
      stderr(`Unknown command verb '${verb}'.\n`);
      return 1;
    }
    if (units.length === 0) {
      stderr('Too few arguments.\n');
      return 1;
    }
    let code = 0;
    for (const unit of units) {
      const name = unit.replace(/\.service$/, '');
      if (!isService(name) || !isInstalled(host.state, name)) {
        if (verb === 'is-active') stdout('inactive\n');
        else stderr(missing(verb, unit));
        code = verb === 'status' ? 4 : 5;
        continue;
      }
      code = act(host, verb, name, now, { stdout, stderr }) || code;
    }
    host.changed();
    return code;
  };

const VERBS = ['status', 'start', 'stop', 'restart', 'enable', 'disable', 'is-active', 'is-enabled', 'reload'];

const isService = (name: string): name is ServiceName => name === 'containerd' || name === 'kubelet';

function missing(verb: string, unit: string): string {
  const full = unit.includes('.') ? unit : `${unit}.service`;
  if (verb === 'status') return `Unit ${full} could not be found.\n`;
  if (verb === 'enable' || verb === 'disable') return `Failed to ${verb} unit: Unit file ${full} does not exist.\n`;
  return `Failed to ${verb} ${full}: Unit ${full} not found.\n`;
}

interface Out {
  stdout(text: string): void;
  stderr(text: string): void;
}

function act(host: HostMachine, verb: string, name: ServiceName, now: boolean, { stdout, stderr }: Out): number {
  const service = host.state[name];
  switch (verb) {
    case 'start':
      if (!service.active) start(host, name);
      return 0;
    case 'restart':
    case 'reload':
      if (name === 'kubelet') host.state.kubelet.running = false;
      start(host, name);
      return 0;
    case 'stop':
      stop(host, name);
      return 0;
    case 'enable':
    case 'disable': {
      const link = `/etc/systemd/system/multi-user.target.wants/${name}.service`;
      const on = verb === 'enable';
      if (on && !service.enabled) stderr(`Created symlink ${link} → /lib/systemd/system/${name}.service.\n`);
      if (!on && service.enabled) stderr(`Removed "${link}".\n`);
      service.enabled = on;
      if (now && on) start(host, name);
      if (now && !on) stop(host, name);
      return 0;
    }
    case 'is-enabled':
      stdout(service.enabled ? 'enabled\n' : 'disabled\n');
      return service.enabled ? 0 : 1;
    case 'is-active': {
      const state = activity(host, name);
      stdout(`${state.split(' ')[0]}\n`);
      return state.startsWith('active') ? 0 : 3;
    }
    default:
      stdout(status(host, name));
      return activity(host, name).startsWith('active') ? 0 : 3;
  }
}

function start(host: HostMachine, name: ServiceName): void {
  if (name === 'containerd') startContainerd(host);
  else host.state.kubelet.active = true;
  settleKubelet(host);
}

function stop(host: HostMachine, name: ServiceName): void {
  host.state[name].active = false;
  settleKubelet(host);
}

function activity({ state }: HostMachine, name: ServiceName): string {
  if (!state[name].active) return 'inactive (dead)';
  if (name === 'kubelet' && !state.kubelet.running) return 'activating (auto-restart) (Result: exit-code)';
  return 'active (running)';
}

const TITLES = { containerd: 'containerd container runtime', kubelet: 'kubelet: The Kubernetes Node Agent' };

function status(host: HostMachine, name: ServiceName): string {
  const state = activity(host, name);
  const { enabled } = host.state[name];
  const mark = state.startsWith('active ') ? '●' : '○';
  const loaded = `Loaded: loaded (/lib/systemd/system/${name}.service; ${enabled ? 'enabled' : 'disabled'}; preset: enabled)`;
  const failed = state.startsWith('activating')
    ? `    Process: 4242 ExecStart=/usr/bin/kubelet (code=exited, status=1/FAILURE)\n   Main PID: 4242 (code=exited, status=1/FAILURE)\n`
    : '';
  const running = state.startsWith('active ') ? `   Main PID: 4242 (${name})\n` : '';
  return `${mark} ${name}.service - ${TITLES[name]}\n     ${loaded}\n     Active: ${state}\n${failed}${running}`;
}

export const journalctl =
  (host: HostMachine): Program =>
  async (argv, { stdout, machine }) => {
    const at = argv.findIndex((word) => /^-[a-zA-Z]*u$/.test(word) || word === '--unit');
    const unit = argv.find((word) => word.startsWith('--unit='))?.slice(7) ?? argv[at + 1] ?? '';
    const name = unit.replace(/\.service$/, '');
    if (!isService(name) || !isInstalled(host.state, name) || (at < 0 && unit === '')) {
      stdout('-- No entries --\n');
      return 0;
    }
    const date = new Date(machine.context?.clock.now() ?? 0).toISOString();
    const stamp = `${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(8, 10)} ${date.slice(11, 19)} ${host.state.name}`;
    for (const line of journalOf(host, name)) stdout(`${stamp} ${line}\n`);
    return 0;
  };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The last lines: what a service says of how it is now. */
function journalOf(host: HostMachine, name: ServiceName): string[] {
  const { state } = host;
  if (name === 'containerd')
    return state.containerd.active
      ? [
          'systemd[1]: Starting containerd.service - containerd container runtime...',
          `containerd[812]: level=info msg="starting containerd" version=1.7.24`,
          ...(state.containerd.cri
            ? []
            : [
                'containerd[812]: level=info msg="skip loading plugin \\"io.containerd.grpc.v1.cri\\"..." type=io.containerd.grpc.v1',
              ]),
          'systemd[1]: Started containerd.service - containerd container runtime.',
        ]
      : ['systemd[1]: Stopped containerd.service - containerd container runtime.'];
  if (!state.kubelet.active) return ['systemd[1]: Stopped kubelet.service - kubelet: The Kubernetes Node Agent.'];
  const trouble = state.kubelet.running ? undefined : kubeletTrouble(host);
  const started = 'systemd[1]: Started kubelet.service - kubelet: The Kubernetes Node Agent.';
  if (trouble)
    return [
      started,
      `kubelet[4242]: E run.go:72] ${trouble}`,
      'systemd[1]: kubelet.service: Main process exited, code=exited, status=1/FAILURE',
      "systemd[1]: kubelet.service: Failed with result 'exit-code'.",
      'systemd[1]: kubelet.service: Scheduled restart job.',
    ];
  return [started, 'kubelet[4242]: I server.go:1] "Kubelet version" kubeletVersion="v1.34.4"', ...networkLine(host)];
}

function networkLine({ files }: HostMachine): string[] {
  const folder = '/etc/cni/net.d';
  const configured = files.kind(folder) === 'folder' && files.list(folder).some((n) => /\.conf(list)?$/.test(n));
  return configured
    ? []
    : [
        'kubelet[4242]: E kubelet.go:3011] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"',
      ];
}
