// What can be wrong with a kubeconfig before anything of it is used, and the dangers that hold it until somebody agrees.
import { CodedError } from '../coded-error.ts';

/** Faults: no agreement helps. */
export type FaultCode = keyof typeof faults;
/** Dangers: held until the user names the code. */
export type DangerCode = keyof typeof dangerTexts;

export interface Danger {
  code: DangerCode;
  /** The very thing: the command, the path, the address. In Spanish, printable, without a final period. */
  what: string;
}

const faults = {
  'MALLA-KCF-01': {
    expected: 'un fichero que exista y que puedas leer',
    todo: 'Comprueba la ruta y los permisos del fichero, o da otro con --kubeconfig.',
  },
  'MALLA-KCF-02': {
    expected: 'un fichero corriente, no una carpeta, un dispositivo ni una tubería',
    todo: 'Da la ruta del fichero mismo; si te llega por una tubería, guárdalo antes en un fichero.',
  },
  'MALLA-KCF-03': {
    expected: 'un kubeconfig de menos de 1 MB',
    todo: 'Saca solo tu contexto: kubectl config view --minify --flatten --context NOMBRE > mio.yaml',
  },
  'MALLA-KCF-04': {
    expected: 'texto en UTF-8',
    todo: 'Guárdalo otra vez como UTF-8. En PowerShell, «>» escribe UTF-16: usa «| Out-File -Encoding utf8».',
  },
  'MALLA-KCF-05': {
    expected: 'un kubeconfig en YAML o en JSON (kind: Config)',
    todo: 'Compruébalo con «kubectl config view --kubeconfig FICHERO».',
  },
  'MALLA-KCF-06': {
    expected: 'un kubeconfig sin alias de YAML (& y *): no los necesita, y con ellos unas líneas ocupan gigas',
    todo: 'Escríbelo sin alias: «kubectl config view --raw --flatten --kubeconfig FICHERO» da uno así.',
  },
  'MALLA-KCF-07': {
    expected: 'un contexto que exista',
    todo: 'Mira los que hay con «malla kubeadm contextos» y elige uno con --contexto.',
  },
  'MALLA-KCF-08': {
    expected: 'un contexto que nombre un clúster con dirección https y un usuario, los dos en el kubeconfig',
    todo: 'Pide el fichero otra vez a quien administra el clúster.',
  },
  'MALLA-KCF-09': {
    expected: 'certificados en PEM, con la clave que les corresponde, y un token de una línea',
    todo: 'Pide el fichero otra vez a quien administra el clúster: a este le falta algo o se ha cortado al copiarlo.',
  },
  'MALLA-KCF-10': {
    expected: 'un usuario que entre como él mismo, sin hacerse pasar por otro (as, as-groups)',
    todo: 'Usa un contexto cuyo usuario sea el que hace las prácticas.',
  },
  'MALLA-KCF-11': {
    expected: 'un certificado de cliente en vigor',
    todo: 'En el plano de control: «kubeadm certs renew admin.conf», y copia otra vez /etc/kubernetes/admin.conf. Si la fecha de esta máquina está mal, corrígela.',
  },
} as const;

const dangerTexts = {
  'MALLA-KCF-20': 'ejecuta un programa de esta máquina cada vez que pide credenciales',
  'MALLA-KCF-21':
    'usa un proveedor de identidad (auth-provider), que puede ejecutar programas y enviar credenciales fuera',
  'MALLA-KCF-22': 'lee ficheros que están fuera de su carpeta',
  'MALLA-KCF-23': 'lee un fichero de token en cada petición y lo envía al clúster',
  'MALLA-KCF-24': 'manda todo el tráfico por un proxy, que puede leerlo si no hay TLS',
  'MALLA-KCF-25': 'no comprueba el certificado del clúster: cualquiera que esté en medio puede hacerse pasar por él',
  'MALLA-KCF-26': 'habla sin cifrar (http): credenciales y datos viajan a la vista',
  'MALLA-KCF-27': 'acepta un certificado a nombre de otro servidor (tls-server-name)',
  'MALLA-KCF-28': 'el fichero es un enlace simbólico: lo que se lee es otro fichero',
  'MALLA-KCF-29': 'otros usuarios de esta máquina pueden cambiar el fichero',
} as const;

/** What a danger is, in a clause without a subject. */
export function describeDanger(code: DangerCode): string {
  return dangerTexts[code];
}

export function isDangerCode(code: string): code is DangerCode {
  return Object.hasOwn(dangerTexts, code);
}

export function kubeconfigFault(code: FaultCode, happened: string, cause?: unknown): CodedError {
  return new CodedError({ code, happened, ...faults[code], ...(cause === undefined ? {} : { cause }) });
}

/** Under the code of the first; all are told. */
export function dangerError(dangers: readonly [Danger, ...Danger[]]): CodedError {
  const list = dangers.map(({ code, what }) => `  ${code}: ${dangerTexts[code]} (${what})`).join('\n');
  const options = [...new Set(dangers.map(({ code }) => `--acepto ${code}`))].join(' ');
  return new CodedError({
    code: dangers[0].code,
    happened: `Ese kubeconfig tiene peligros que has de aceptar por su nombre; no se ha ejecutado, leído ni seguido nada de ello:\n${list}`,
    expected: 'Un kubeconfig en el que confíes, de quien administra el clúster.',
    todo: `Si sabes de dónde viene y es lo que esperas, repite la orden con ${options}. Si no, no lo uses.`,
  });
}

/** Names in a kubeconfig are anybody's: what a terminal would obey is shown as text. */
export function printable(text: string, most = 200): string {
  const clean = text.replace(
    /\p{Cc}|\p{Cf}|\u2028|\u2029/gu,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return clean.length > most ? `${clean.slice(0, most)}…` : clean;
}
