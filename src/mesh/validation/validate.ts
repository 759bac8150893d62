// What istiod's validating webhook says of an object: the semantic layer, behind the schema's. Pure.
import type { KubeObject } from '../objects.ts';
import { annotationProblem } from './annotations.ts';
import { validateAuthorizationPolicy } from './authorization-policy.ts';
import { validateDestinationRule } from './destination-rule.ts';
import { validateEnvoyFilter } from './envoy-filter.ts';
import { type Fields, Findings, fields } from './findings.ts';
import { validateGateway } from './gateway.ts';
import { validatePeerAuthentication } from './peer-authentication.ts';
import { validateProxyConfig } from './proxy-config.ts';
import { validateRequestAuthentication } from './request-authentication.ts';
import { validateServiceEntry } from './service-entry.ts';
import { validateSidecar } from './sidecar.ts';
import { validateTelemetry } from './telemetry.ts';
import { validateVirtualService } from './virtual-service.ts';
import { validateWasmPlugin } from './wasm-plugin.ts';
import { validateWorkloadEntry } from './workload-entry.ts';
import { validateWorkloadGroup } from './workload-group.ts';

export interface ValidationOutcome {
  /** Undefined when the object is accepted; several errors are one text, as Go's multierror prints them. */
  error?: string;
  /** The same, one by one. */
  errors: string[];
  warnings: string[];
}

export function validate(object: KubeObject): ValidationOutcome {
  const findings = new Findings();
  const validator = isIstio(object) ? validators.get(object.kind) : undefined;
  const forbidden = validator && annotationProblem(object);
  if (forbidden === undefined) validator?.(fields(object.spec), findings, object);
  else findings.error(forbidden);
  const error = findings.text();
  return { ...(error === undefined ? {} : { error }), errors: findings.errors, warnings: findings.warnings };
}

/** A Gateway of the Kubernetes Gateway API is none of Istio's. */
const isIstio = ({ apiVersion }: KubeObject) => /^[a-z]+\.istio\.io\//.test(apiVersion);

type Validator = (spec: Fields, findings: Findings, object: KubeObject) => void;

/** Kinds that are not here are accepted. */
const validators = new Map<string, Validator>([
  ['VirtualService', validateVirtualService],
  ['DestinationRule', validateDestinationRule],
  ['Gateway', validateGateway],
  ['ServiceEntry', validateServiceEntry],
  ['Sidecar', validateSidecar],
  ['WorkloadEntry', validateWorkloadEntry],
  ['WorkloadGroup', validateWorkloadGroup],
  ['EnvoyFilter', validateEnvoyFilter],
  ['ProxyConfig', validateProxyConfig],
  ['AuthorizationPolicy', validateAuthorizationPolicy],
  ['PeerAuthentication', validatePeerAuthentication],
  ['RequestAuthentication', validateRequestAuthentication],
  ['Telemetry', validateTelemetry],
  ['WasmPlugin', validateWasmPlugin],
]);
