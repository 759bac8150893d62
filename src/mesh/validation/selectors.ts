// Which workloads an object is for: selectors by labels, and targetRefs.
import { type Fields, type Findings, fields, list, optionalFields, quoted, text } from './findings.ts';

/** `selector.matchLabels` of the security, telemetry and extension kinds. */
export function validateSelector(selector: unknown, findings: Findings): void {
  if (selector === undefined) return;
  const labels = fields(fields(selector).matchLabels);
  for (const problem of labelProblems(labels)) findings.error(problem);
  if (Object.keys(labels).length === 0) findings.warn(WITHOUT_LABELS);
}

/** `workloadSelector.labels` of the networking kinds. False when it is refused, which ends their validation. */
export function validateWorkloadLabels(selector: unknown, who: string, findings: Findings): boolean {
  if (selector === undefined) return true;
  const labels = fields(fields(selector).labels);
  const problems = labelProblems(labels);
  for (const problem of problems) findings.error(problem);
  if (problems.length === 0 && Object.keys(labels).length === 0)
    findings.warn(`${who}: ${WITHOUT_LABELS}, will be applied to all services in namespace`);
  return problems.length === 0;
}

/** Selector, targetRef and targetRefs together. */
export function validateTargets(spec: Fields, findings: Findings): void {
  const refs = list(spec.targetRefs);
  const given = [spec.selector !== undefined, spec.targetRef !== undefined, refs.length > 0].filter(Boolean);
  if (given.length > 1) findings.error('only one of targetRefs or workloadSelector can be set');
  validateSelector(spec.selector, findings);
  for (const ref of [optionalFields(spec.targetRef), ...refs.map(fields)]) if (ref) validateTarget(ref, findings);
}

const WITHOUT_LABELS = 'workload selector specified without labels';

const targets = new Set([
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

function validateTarget(ref: Fields, findings: Findings): void {
  const [group, kind] = [text(ref.group), text(ref.kind)];
  if (text(ref.name) === '') findings.error('targetRef name must be set');
  if (text(ref.namespace) !== '')
    findings.error('targetRef namespace must not be set; cross namespace referencing is not supported');
  if (!targets.has(`${group || 'core'}/${kind}`))
    findings.error(
      `targetRef must be to one of [core/v1/Service networking.istio.io/v1/ServiceEntry gateway.networking.k8s.io/v1/Gateway gateway.networking.k8s.io/v1/GatewayClass] but was ${group}/${kind}`,
    );
}

function labelProblems(labels: Fields): string[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const written = quoted(`${key}=${text(value)}`);
    return [
      ...(key === '' ? [`empty key is not supported in selector: ${written}`] : []),
      ...(`${key}${text(value)}`.includes('*') ? [`wildcard is not supported in selector: ${written}`] : []),
    ];
  });
}
