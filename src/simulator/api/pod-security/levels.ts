// The Pod Security levels: what each forbids, and which one a namespace's labels ask for.
import type { StatusCause } from '../errors.ts';
import { createProblems } from '../validation/problems.ts';
import { baseline, type Check } from './baseline.ts';
import type { Fields, Violation } from './parts.ts';
import { restricted } from './restricted.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** `restricted:latest` */
export interface Policy {
  level: Level;
  version: string;
}

const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const LABEL = 'pod-security.kubernetes.io/';

const { capabilities, hostPaths, seccomp, ...always } = baseline;
const { appArmor, hostNamespaces, hostPorts, privileged, procMount, selinux, sysctls, windows } = always;

/** By the real one's identifiers: those of baseline first, without those that the stricter ones stand for. */
const checks: Record<Level, Check[]> = {
  privileged: [],
  baseline: [
    ...[appArmor, capabilities, hostNamespaces, hostPaths, hostPorts],
    ...[privileged, procMount, selinux, seccomp, sysctls, windows],
  ],
  restricted: [
    ...[appArmor, hostNamespaces, hostPorts, privileged, procMount, selinux, sysctls, windows],
    ...[restricted.allowPrivilegeEscalation, restricted.capabilities, restricted.volumes],
    ...[restricted.runAsNonRoot, restricted.runAsUser, restricted.seccomp],
  ],
};

export function violations(spec: Fields, { level }: Policy): Violation[] {
  return checks[level].flatMap((check) => check(spec) ?? []);
}

/** `violates PodSecurity …`, without the verb. */
export function told(found: readonly Violation[], policy: Policy): string {
  return `PodSecurity "${shown(policy)}": ${found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')}`;
}

export const shown = ({ level, version }: Policy): string => `${level}:${version}`;

export function stricter(a: Policy, b: Policy): boolean {
  return LEVELS.indexOf(a.level) > LEVELS.indexOf(b.level);
}

/** A value that is none of a level is the strictest; without a label, what refuses also warns. */
export function policyOf(labels: Record<string, string> = {}): { enforce: Policy; warn: Policy } {
  const enforce = policy(labels, 'enforce');
  const warn = policy(labels, 'warn');
  return { enforce, warn: labels[`${LABEL}warn`] === undefined && stricter(enforce, warn) ? enforce : warn };
}

function policy(labels: Record<string, string>, mode: string): Policy {
  const level = labels[`${LABEL}${mode}`] ?? 'privileged';
  const version = labels[`${LABEL}${mode}-version`] ?? 'latest';
  return { level: LEVELS.find((each) => each === level) ?? 'restricted', version };
}

/** What is wrong with a namespace's labels. */
export function wrongLabels(labels: Record<string, string> = {}): StatusCause[] {
  const problems = createProblems();
  const at = problems.at('metadata', 'labels');
  for (const mode of ['enforce', 'audit', 'warn']) {
    const [level, version] = [labels[`${LABEL}${mode}`], labels[`${LABEL}${mode}-version`]];
    if (level !== undefined && !LEVELS.some((each) => each === level))
      at.key(`${LABEL}${mode}`).invalid(level, `must be one of ${LEVELS.join(', ')}`);
    if (version !== undefined && !/^(?:latest|v1\.(?:0|[1-9]\d*))$/.test(version))
      at.key(`${LABEL}${mode}-version`).invalid(version, 'must be "latest" or "v1.x"');
  }
  return problems.causes;
}
