// `--acepto CODE`: a danger of a kubeconfig, agreed to by its name.
import { Option } from 'commander';
import { CodedError } from '../cluster/coded-error.ts';
import { isDangerCode, printable } from '../cluster/kubeadm/kubeconfig-error.ts';

/** Its value is a list of codes; undefined when nothing was agreed to. */
export function agreeOption(): Option {
  return new Option('--acepto <CÓDIGO>', 'acepta ese peligro del kubeconfig; se puede repetir').argParser(
    (code: string, before: string[] | undefined) => [...(before ?? []), ...agreedCodes(code)],
  );
}

/** Throws MALLA-USO-40 for what is no danger: an agreement that means nothing would be believed to mean something. */
function agreedCodes(written: string): string[] {
  const codes = written.split(',').map((code) => code.trim().toUpperCase());
  const stranger = codes.find((code) => !isDangerCode(code));
  if (stranger === undefined) return codes;
  throw new CodedError({
    code: 'MALLA-USO-40',
    happened: `«${printable(stranger)}» no es el código de un peligro que se pueda aceptar.`,
    expected: 'Un código de MALLA-KCF-20 a MALLA-KCF-29, uno por cada --acepto.',
    todo: 'Repite la orden sin --acepto: te dirá qué códigos hacen falta.',
  });
}
