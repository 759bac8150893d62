// Probes and hooks of a container.
import { isMap } from '../patch-merge.ts';
import { complain } from './metadata.ts';
import { portName } from './names.ts';
import type { Problems } from './problems.ts';

type Map = Record<string, unknown>;

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const numbers = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

export function checkProbes(container: Map, init: boolean, problems: Problems): void {
  for (const name of probes) {
    const probe = container[name];
    if (!isMap(probe)) continue;
    const at = problems.at(name);
    if (init && container.restartPolicy !== 'Always') {
      at.forbidden('may not be set for init containers without restartPolicy=Always');
      continue;
    }
    checkHandler(probe, at);
    for (const field of numbers) {
      const value = probe[field];
      if (typeof value === 'number' && value < 0) at.at(field).invalid(value, 'must be greater than or equal to 0');
    }
    if (name !== 'readinessProbe' && typeof probe.successThreshold === 'number' && probe.successThreshold !== 1)
      at.at('successThreshold').invalid(probe.successThreshold, 'must be 1');
  }
}

function checkHandler(probe: Map, problems: Problems): void {
  const [first, ...more] = handlers.filter((name) => isMap(probe[name]));
  if (first === undefined) problems.required('must specify a handler type');
  for (const extra of more) problems.at(extra).forbidden('may not specify more than 1 handler type');
  if (first !== 'httpGet' && first !== 'tcpSocket') return;
  const handler = probe[first];
  if (isMap(handler)) checkTarget(handler.port, problems.at(first, 'port'));
}

/** A port by its number or its name. */
export function checkTarget(port: unknown, problems: Problems): void {
  if (typeof port === 'string') complain(problems, port, portName(port));
  else if (typeof port === 'number' && (port < 1 || port > 65535))
    problems.invalid(port, 'must be between 1 and 65535, inclusive');
}
