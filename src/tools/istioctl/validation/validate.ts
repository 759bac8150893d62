// What istiod's validating webhook says of an object: the semantic layer, behind the schema's. Pure.
import type { KubeObject } from '../../../mesh/objects.ts';
import { validateAuthorizationPolicy } from './authorization-policy.ts';
import { validateDestinationRule } from './destination-rule.ts';
import { type Fields, Findings, fields } from './findings.ts';
import { validateGateway } from './gateway.ts';
import { validateVirtualService } from './virtual-service.ts';

export interface ValidationOutcome {
  /** Undefined when the object is accepted; several errors are one text, as Go's multierror prints them. */
  error?: string;
  /** The same, one by one. */
  errors: string[];
  warnings: string[];
}

export function validate(object: KubeObject): ValidationOutcome {
  const findings = new Findings();
  validators.get(object.kind)?.(fields(object.spec), findings, object);
  const error = findings.text();
  return { ...(error === undefined ? {} : { error }), errors: findings.errors, warnings: findings.warnings };
}

type Validator = (spec: Fields, findings: Findings, object: KubeObject) => void;

/** Kinds that are not here are accepted: their schema says all that this cluster checks. */
const validators = new Map<string, Validator>([
  ['VirtualService', validateVirtualService],
  ['DestinationRule', validateDestinationRule],
  ['Gateway', validateGateway],
  ['AuthorizationPolicy', validateAuthorizationPolicy],
]);
