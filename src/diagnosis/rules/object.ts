// An object that is missing, left over, elsewhere, or not as asked.
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Scene } from '../scene.ts';
import type { Symptom } from '../symptom.ts';
import { closest } from '../typo.ts';
import { ingressGateways, missingIngress, missingIstio } from './installation.ts';

type ObjectSymptom = Extract<Symptom, { type: 'objeto' }>;

export function objectCause(scene: Scene, { pattern, found, differences, broken }: ObjectSymptom): Diagnosis {
  if (!pattern.exists && found) return diagnose('MALLA-OBJ-03', `${nameOf(found)} sigue en el clúster`, { at: found });
  const [first] = differences;
  if (found && first)
    return diagnose(
      'MALLA-OBJ-02',
      `${nameOf(found)}: ${first.path || 'el objeto'} es ${print(first.found)}, y se espera ${print(first.expected)}`,
      { at: found, path: first.path },
    );
  if (found && broken !== undefined)
    return diagnose('MALLA-OBJ-05', `${nameOf(found)}: ${broken}`, { at: found, path: 'spec' });
  return partOfIstio(scene, pattern) ?? elsewhere(scene, pattern) ?? missing(scene, pattern);
}

/** Objects that istioctl installs: what is missing is the installation, not the object. */
function partOfIstio(scene: Scene, { kind, name, namespace }: ObjectSymptom['pattern']): Diagnosis | undefined {
  const isCrd = kind === 'CustomResourceDefinition' && name.endsWith('.istio.io');
  const isWebhook = kind.endsWith('WebhookConfiguration') && name.startsWith('istio');
  const inRoot = namespace === 'istio-system' || (kind === 'Namespace' && name === 'istio-system');
  if (!isCrd && !isWebhook && !inRoot) return undefined;
  const gateway = name === 'istio-ingressgateway' && ingressGateways(scene).length === 0;
  return (
    missingIstio(scene) ??
    (gateway ? missingIngress(scene) : undefined) ??
    (inRoot ? undefined : diagnose('MALLA-INS-03', `istiod está instalado, pero falta ${kind} ${name}`))
  );
}

function elsewhere(scene: Scene, { kind, name, namespace }: ObjectSymptom['pattern']): Diagnosis | undefined {
  const other = scene.objects.find(
    (o) => o.kind === kind && o.metadata.name === name && o.metadata.namespace !== namespace,
  );
  if (!other || namespace === undefined) return undefined;
  return diagnose('MALLA-OBJ-04', `${kind} ${name} está en ${other.metadata.namespace}, y se espera en ${namespace}`, {
    at: other,
    path: 'metadata.namespace',
  });
}

function missing(scene: Scene, { kind, name, namespace }: ObjectSymptom['pattern']): Diagnosis {
  const siblings = scene.objects.filter((o) => o.kind === kind && o.metadata.namespace === namespace);
  const meant = closest(name, siblings, (o) => o.metadata.name);
  return diagnose(
    'MALLA-OBJ-01',
    `No existe ${kind} ${namespace ? `${namespace}/` : ''}${name}${meant ? `; hay uno que se llama «${meant.metadata.name}»` : ''}`,
    { at: meant, path: meant && 'metadata.name' },
  );
}

function print(value: unknown): string {
  if (value === undefined) return '(nada)';
  const text = typeof value === 'string' ? `«${value}»` : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
