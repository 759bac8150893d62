// What istiod's webhook would refuse, as `analyze` says it.
import type { Finding } from '../../mesh/analysis.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { validate } from '../../mesh/validation/validate.ts';

export function schemaFindings(object: KubeObject): Finding[] {
  const { errors, warnings } = validate(object);
  const { kind, metadata } = object;
  const source = { kind, namespace: metadata.namespace ?? '', name: metadata.name, path: '' };
  const found = (code: string, level: Finding['level'], text: string): Finding => ({
    code,
    level,
    object: source,
    text,
  });
  return [
    ...errors.map((error) => found('IST0106', 'Error', `Schema validation error: ${error}`)),
    // Rules that are never reached have codes of their own.
    ...warnings
      .filter((warning) => !warning.startsWith('virtualService rule '))
      .map((warning) => found('IST0133', 'Warning', `Schema validation warning: ${warning}`)),
  ];
}
