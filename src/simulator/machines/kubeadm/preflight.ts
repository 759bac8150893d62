// The checks before kubeadm touches a machine, in its order and with its words.
import { KUBERNETES } from '../../nodes/bootstrap-nodes.ts';
import { type HostMachine, textOf } from '../host-machine.ts';
import { programIsInstalled } from '../programs/packages.ts';
import { isInstalled, runtimeTrouble } from '../services.ts';
import type { Output } from './output.ts';
import { KubeadmError } from './world.ts';

interface Finding {
  check: string;
  message: string;
  severity: 'WARNING' | 'ERROR';
}

export const MANIFESTS = '/etc/kubernetes/manifests';
export const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;

export interface Facts {
  /** The control plane of this machine runs now. */
  controlPlane: boolean;
}

/** Throws KubeadmError after the findings were written. */
export function preflight(findings: readonly Finding[], ignored: readonly string[], out: Output): void {
  const lenient = (check: string) => ignored.some((name) => ['all', check.toLowerCase()].includes(name.toLowerCase()));
  for (const { check, message, severity } of findings)
    if (severity === 'WARNING' || lenient(check)) out.warn(`\t[WARNING ${check}]: ${message}`);
  const fatal = findings.filter((f) => f.severity === 'ERROR' && !lenient(f.check));
  if (fatal.length > 0) failed(fatal.map((f) => `\t[ERROR ${f.check}]: ${f.message}\n`).join(''), out);
}

export function failed(text: string, out: Output): never {
  out.warn(
    `[preflight] Some fatal errors occurred:\n${text}[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\``,
  );
  throw new KubeadmError('error execution phase preflight: preflight checks failed');
}

export function initFindings(host: HostMachine, facts: Facts, out: Output): Finding[] {
  const inUse = (...ports: number[]) => (facts.controlPlane ? ports.map(portInUse) : []);
  return [
    ...inUse(6443, 10259, 10257),
    ...COMPONENTS.map((name) => `${MANIFESTS}/${name}.yaml`).flatMap((path) => existing(host, path)),
    ...common(host, out),
    ...ipForward(host),
    ...inUse(2379, 2380),
    ...notEmpty(host, '/var/lib/etcd'),
  ];
}

export function joinFindings(host: HostMachine, out: Output): Finding[] {
  return [
    ...existing(host, '/etc/kubernetes/kubelet.conf'),
    ...existing(host, '/etc/kubernetes/bootstrap-kubelet.conf'),
    ...common(host, out),
    ...existing(host, '/etc/kubernetes/pki/ca.crt'),
    ...ipForward(host),
  ];
}

function common(host: HostMachine, out: Output): Finding[] {
  const { state } = host;
  const trouble = runtimeTrouble(host);
  if (trouble)
    out.log(
      'checks.go:1046',
      `[preflight] WARNING: Couldn't create the interface used for talking to the container runtime: ${trouble}`,
    );
  const findings: Finding[] = [];
  const find = (severity: Finding['severity'], check: string, message: string) =>
    findings.push({ severity, check, message });
  if (state.swap)
    find(
      'WARNING',
      'Swap',
      'swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap. Please refer to https://kubernetes.io/docs/concepts/architecture/nodes/#swap-memory, or disable swap on the node',
    );
  if (!programIsInstalled(state, 'kubelet'))
    find(
      'ERROR',
      'KubeletVersion',
      "couldn't get kubelet version: cannot execute 'kubelet --version': executable file not found in $PATH",
    );
  if (!isInstalled(state, 'kubelet')) find('WARNING', 'Service-Kubelet', 'kubelet service does not exist');
  else if (!state.kubelet.enabled)
    find('WARNING', 'Service-Kubelet', "kubelet service is not enabled, please run 'systemctl enable kubelet.service'");
  if (state.kubelet.running) findings.push(portInUse(10250));
  return findings;
}

const portInUse = (port: number): Finding => ({
  severity: 'ERROR',
  check: `Port-${port}`,
  message: `Port ${port} is in use`,
});

function existing(host: HostMachine, path: string): Finding[] {
  if (textOf(host, path) === undefined) return [];
  return [
    { severity: 'ERROR', check: `FileAvailable-${path.replaceAll('/', '-')}`, message: `${path} already exists` },
  ];
}

function notEmpty({ files }: HostMachine, path: string): Finding[] {
  if (files.kind(path) !== 'folder' || files.list(path).length === 0) return [];
  return [{ severity: 'ERROR', check: `DirAvailable-${path.replaceAll('/', '-')}`, message: `${path} is not empty` }];
}

function ipForward({ state }: HostMachine): Finding[] {
  if (state.sysctl['net.ipv4.ip_forward'] === '1') return [];
  const path = '/proc/sys/net/ipv4/ip_forward';
  return [
    {
      severity: 'ERROR',
      check: `FileContent-${path.replaceAll('/', '-')}`,
      message: `${path} contents are not set to 1`,
    },
  ];
}

export const VERSION = KUBERNETES;
