// The checks of the level "baseline", in the order of their identifiers.
import { list } from '../validation/values.ts';
import {
  containersOf,
  distinct,
  type Fields,
  fieldsOf,
  named,
  namesOf,
  quoted,
  security,
  setters,
  type Violation,
  valuesSet,
} from './parts.ts';

export type Check = (spec: Fields) => Violation | undefined;

const DEFAULT_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

const SAFE_TYPES = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);

export const baseline = {
  appArmor(spec) {
    const wrong = ({ appArmorProfile }: Fields) => {
      const { type } = fieldsOf(appArmorProfile);
      return type === undefined || type === 'RuntimeDefault' || type === 'Localhost' ? undefined : String(type);
    };
    const values = valuesSet(spec, wrong);
    const who = setters(spec, (context) => wrong(context) !== undefined);
    return said(who, values.length === 1 ? 'forbidden AppArmor profile' : 'forbidden AppArmor profiles', () =>
      [who, 'must not set AppArmor profile type to', quoted(values)].join(' '),
    );
  },
  capabilities(spec) {
    const foreign = (container: Fields) => added(container).filter((name) => !DEFAULT_CAPABILITIES.has(name));
    const bad = containersOf(spec).filter((container) => foreign(container).length > 0);
    const names = quoted(distinct(bad.flatMap(foreign)));
    return about(bad, 'non-default capabilities', `must not include ${names} in securityContext.capabilities.add`);
  },
  hostNamespaces(spec) {
    const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
    return said(shared.map((field) => `${field}=true`).join(', '), 'host namespaces');
  },
  hostPaths(spec) {
    const bad = list(spec.volumes).filter(({ hostPath }) => hostPath);
    return bad.length > 0 ? { reason: 'hostPath volumes', detail: named('volume', namesOf(bad)) } : undefined;
  },
  hostPorts(spec) {
    const portsOf = (container: Fields) =>
      list(container.ports).flatMap(({ hostPort }) => (hostPort ? [`${hostPort}`] : []));
    const bad = containersOf(spec).filter((container) => portsOf(container).length > 0);
    const ports = distinct(bad.flatMap(portsOf));
    const what = ports.length === 1 ? 'hostPort' : 'hostPorts';
    return about(bad, what, `${bad.length === 1 ? 'uses' : 'use'} ${what} ${ports.join(', ')}`);
  },
  privileged(spec) {
    const bad = containersOf(spec).filter((container) => security(container).privileged === true);
    return about(bad, 'privileged', 'must not set securityContext.privileged=true');
  },
  procMount(spec) {
    const of = (container: Fields) => security(container).procMount;
    const bad = containersOf(spec).filter((container) => of(container) !== undefined && of(container) !== 'Default');
    const values = quoted(distinct(bad.map((container) => String(of(container)))));
    return about(bad, 'procMount', `must not set securityContext.procMount to ${values}`);
  },
  selinux(spec) {
    const of = (context: Fields) => fieldsOf(context.seLinuxOptions);
    const type = (context: Fields) =>
      SAFE_TYPES.has(String(of(context).type ?? '')) ? undefined : String(of(context).type);
    const sets = (field: string) => (context: Fields) => Boolean(of(context)[field]);
    const types = valuesSet(spec, type);
    const data = types.length > 0 ? [named('type', types)] : [];
    for (const field of ['user', 'role']) if (setters(spec, sets(field))) data.push(`${field} may not be set`);
    const who = setters(spec, (c) => type(c) !== undefined || sets('user')(c) || sets('role')(c));
    return said(who, 'seLinuxOptions', () => `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`);
  },
  seccomp(spec) {
    return wrongSeccomp(spec);
  },
  sysctls(spec) {
    const names = list(security(spec).sysctls).map(({ name }) => String(name));
    return said(names.filter((name) => !SAFE_SYSCTLS.has(name)).join(', '), 'forbidden sysctls');
  },
  windows(spec) {
    const who = setters(spec, (context) => fieldsOf(context.windowsOptions).hostProcess === true);
    return said(who, 'hostProcess', () => `${who} must not set securityContext.windowsOptions.hostProcess=true`);
  },
} satisfies Record<string, Check>;

export function added(container: Fields): string[] {
  const { add } = fieldsOf(security(container).capabilities);
  return Array.isArray(add) ? add.map(String) : [];
}

/** A profile that is none. */
export function wrongSeccomp(spec: Fields): Violation | undefined {
  const wrong = ({ seccompProfile }: Fields) => {
    const { type } = fieldsOf(seccompProfile);
    return type === undefined || type === 'RuntimeDefault' || type === 'Localhost' ? undefined : String(type);
  };
  const who = setters(spec, (context) => wrong(context) !== undefined);
  return said(
    who,
    'seccompProfile',
    () => `${who} must not set securityContext.seccompProfile.type to ${quoted(valuesSet(spec, wrong))}`,
  );
}

export function about(bad: readonly Fields[], reason: string, what: string): Violation | undefined {
  return bad.length === 0 ? undefined : { reason, detail: `${named('container', namesOf(bad))} ${what}` };
}

/** None where there is nobody to speak of. */
export function said(who: string, reason: string, detail = () => who): Violation | undefined {
  return who === '' ? undefined : { reason, detail: detail() };
}
