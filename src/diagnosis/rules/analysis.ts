// What `istioctl analyze` would say, for a failure that no rule of ours explains: better than only what was seen.
import { analyze, type Finding } from '../../mesh/analysis.ts';
import { diagnose } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { rootNamespace, type Scene } from '../scene.ts';

/** The first error, else the first warning, of an object that a student writes. */
export function analysisCause(scene: Scene): Diagnosis | undefined {
  const found = analyze(scene.objects).filter(isTelling);
  const finding = found.find((f) => f.level === 'Error') ?? found[0];
  if (!finding) return undefined;
  const { kind, namespace, name, path } = finding.object;
  const at = scene.objects.find(
    (o) => o.kind === kind && o.metadata.name === name && (o.metadata.namespace ?? '') === namespace,
  );
  const where = `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
  return diagnose('MALLA-ANA-01', `istioctl analyze avisa de ${where}: ${finding.text} [${finding.code}]`, {
    at,
    path,
  });
}

/** Not of Istio's own objects, nor of Secrets, which are not read for a diagnosis. */
function isTelling({ level, object, text }: Finding): boolean {
  return level !== 'Info' && object.namespace !== rootNamespace && !/credential/i.test(text);
}
