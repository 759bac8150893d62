// Annotations that no object of Istio may have.
import type { KubeObject } from '../objects.ts';
import { fields, quoted, text } from './findings.ts';

/** The complaint that ends the validation before it looks at the spec. */
export function annotationProblem({ kind, metadata, spec }: KubeObject): string | undefined {
  const annotations = metadata.annotations ?? {};
  const { name, namespace = '' } = metadata;
  const dryRun = annotations[DRY_RUN];
  if (dryRun !== undefined && kind !== 'AuthorizationPolicy')
    return `${namespace}/${name} has unsupported annotation ${DRY_RUN}, please remove the annotation`;
  if (dryRun !== undefined) {
    const action = text(fields(spec).action) || 'ALLOW';
    if (action !== 'ALLOW' && action !== 'DENY')
      return `the annotation ${DRY_RUN} currently only supports action ALLOW/DENY, found action ${action} in ${namespace}/${name}`;
    if (!/^(1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(dryRun))
      return `${namespace}/${name} has annotation ${DRY_RUN} with invalid value (${dryRun}): strconv.ParseBool: parsing ${quoted(dryRun)}: invalid syntax`;
  }
  if (annotations[ALWAYS_REJECT] !== undefined) return `${quoted(ALWAYS_REJECT)} annotation found, rejecting`;
  const internal = internals.find((annotation) => annotations[annotation] !== undefined);
  return internal && `${quoted(internal)} annotation found, this may not be set by users`;
}

const DRY_RUN = 'istio.io/dry-run';
const ALWAYS_REJECT = 'internal.istio.io/webhook-always-reject';
const internals = ['internal.istio.io/parent-namespace', 'internal.istio.io/parents'];
