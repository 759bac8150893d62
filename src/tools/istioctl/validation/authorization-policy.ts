import type { KubeObject } from '../../../mesh/objects.ts';
import { type Fields, type Findings, fields, list, text } from './findings.ts';

export function validateAuthorizationPolicy(spec: Fields, findings: Findings, object: KubeObject): void {
  const { name, namespace = 'default' } = object.metadata;
  const refuse = (message: string) => findings.error(`invalid policy ${name}.${namespace}: ${message}`);
  const action = text(spec.action) || 'ALLOW';
  const pointless =
    'action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request';
  if ((action === 'DENY' || action === 'CUSTOM') && spec.rules === undefined) refuse(`${action} ${pointless}`);
  else if (action === 'CUSTOM' && text(fields(spec.provider).name) === '') refuse('`provider.name` must not be empty');
  if (action !== 'CUSTOM' && spec.provider !== undefined)
    refuse(`\`provider\` must not be with non CUSTOM action, found ${action}`);
  list(spec.rules).forEach((rule, index) => {
    const { from, to } = fields(rule);
    const at = `found at rule ${index}`;
    if (Array.isArray(from) && from.length === 0) refuse(`\`from\` must not be empty, ${at}`);
    if (Array.isArray(to) && to.length === 0) refuse(`\`to\` must not be empty, ${at}`);
    for (const item of list(from).map(fields)) {
      if (item.source === undefined) refuse(`\`from.source\` must not be nil, ${at}`);
      else if (isEmpty(item.source)) refuse(`\`from.source\` must not be empty, ${at}`);
    }
    for (const item of list(to).map(fields)) {
      if (item.operation === undefined) refuse(`\`to.operation\` must not be nil, ${at}`);
      else if (isEmpty(item.operation)) refuse(`\`to.operation\` must not be empty, ${at}`);
    }
  });
}

const isEmpty = (value: unknown) => Object.values(fields(value)).every((v) => list(v).length === 0);
