import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Scene } from '../scene.ts';

/** Something that is not a route and may explain what was seen. */
export function interferingPolicy(scene: Scene, seen: string): Diagnosis | undefined {
  const [policy] = scene.policies;
  if (!policy) return undefined;
  return diagnose('MALLA-RED-07', `${seen}, y ninguna ruta lo explica; hay ${nameOf(policy)}`, { at: policy });
}
