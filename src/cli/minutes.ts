// Minutes in an option of the command line.
import { CodedError } from '../cluster/coded-error.ts';

/** More than 0, at most 120. Throws MALLA-USO-01. */
export function minutes(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 120) return value;
  throw new CodedError({
    code: 'MALLA-USO-01',
    happened: `«${text}» no vale como plazo.`,
    expected: 'Un número de minutos, de más de 0 a 120.',
    todo: 'Escribe, por ejemplo, --plazo 15.',
  });
}
