// A question to the student that is not answered, or not right.
import { diagnose } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Symptom } from '../symptom.ts';

export function answerCause({ pattern, answer, judged }: Extract<Symptom, { type: 'respuesta' }>): Diagnosis {
  if (answer === undefined) return diagnose('MALLA-RES-01', `Falta contestar: ${pattern.question}`);
  if (judged === 'no es un número')
    return diagnose('MALLA-RES-03', `Se pregunta un número, y «${answer.slice(0, 80)}» no lo es`);
  return diagnose('MALLA-RES-02', `«${answer.slice(0, 80)}» no es la respuesta`);
}
