import { type Fields, Findings, fields, list, number, optionalFields, text } from './findings.ts';
import { validateLabels } from './labels.ts';
import { port } from './names.ts';

export function validateWorkloadGroup(spec: Fields, findings: Findings): void {
  if (spec.template === undefined) {
    findings.error('template is required');
    return;
  }
  const labels = new Findings();
  validateLabels(fields(spec.metadata).labels, labels);
  const problem = labels.text();
  if (problem !== undefined) {
    findings.error(`invalid labels: ${problem}`);
    return;
  }
  validateProbe(optionalFields(spec.probe), findings);
}

const counts = ['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold'];

function validateProbe(probe: Fields | undefined, findings: Findings): void {
  if (!probe) return;
  for (const field of counts) if (number(probe[field]) < 0) findings.error(`${field} must be non-negative`);
  const { httpGet, tcpSocket, exec, grpc } = probe;
  if (httpGet !== undefined) validateHttpGet(fields(httpGet), findings);
  else if (tcpSocket !== undefined) findings.error(port(number(fields(tcpSocket).port)));
  else if (exec !== undefined) {
    if (list(fields(exec).command).length === 0) findings.error('exec.command is required');
  } else
    findings.error(`unknown health check method ${grpc === undefined ? '<nil>' : '*v1alpha3.ReadinessProbe_Grpc'}`);
}

function validateHttpGet(get: Fields, findings: Findings): void {
  findings.error(port(number(get.port)));
  if (!['', 'HTTP', 'HTTPS'].includes(text(get.scheme)))
    findings.error('httpGet.scheme must be one of "HTTPS", "HTTP"');
  for (const { name } of list(get.httpHeaders).map(fields)) {
    if (text(name) === '') findings.error('header name cannot be empty');
    else if (!/^[-A-Za-z0-9]+$/.test(text(name)))
      findings.error(`header name ${text(name)} is not a valid header name`);
  }
}
