// What can be wrong with a class bundle.
import { CodedError } from '../coded-error.ts';

const texts = {
  'MALLA-PAQ-01': {
    expected: 'Una carpeta hecha con «malla paquete crear», con su paquete.json.',
    todo: 'Comprueba la carpeta; si paquete.json está dañado, copia el paquete otra vez.',
  },
  'MALLA-PAQ-02': {
    expected: 'Todos los ficheros que nombra paquete.json.',
    todo: 'Copia el paquete otra vez; si lo estabas creando, repite «malla paquete crear»: sigue donde lo dejó.',
  },
  'MALLA-PAQ-03': {
    expected: 'Un fichero del tamaño que dice paquete.json.',
    todo: 'La copia se cortó: copia ese fichero otra vez.',
  },
  'MALLA-PAQ-04': {
    expected: 'Un fichero con la huella SHA-256 que dice paquete.json.',
    todo: 'No lo uses: pide el paquete a quien lo hizo y compara la huella de paquete.json.',
  },
  'MALLA-PAQ-05': {
    expected: 'Solo los ficheros que nombra paquete.json.',
    todo: 'Borra o aparta lo que sobra; si no sabes de dónde sale, copia el paquete otra vez.',
  },
  'MALLA-PAQ-06': {
    expected: 'Ficheros y carpetas corrientes, sin enlaces.',
    todo: 'Copia el paquete siguiendo los enlaces (por ejemplo, «cp -rL»), o pídelo otra vez.',
  },
  'MALLA-PAQ-07': {
    expected: 'La huella que te han dado.',
    todo: 'No lo uses: comprueba que la has escrito bien y que es el paquete de esta clase.',
  },
  'MALLA-PAQ-08': {
    expected: 'Sitio en el disco para el paquete entero.',
    todo: 'Libera espacio o elige otra carpeta, y repite la orden: sigue donde lo dejó.',
  },
  'MALLA-PAQ-09': {
    expected: 'Todas las imágenes que el curso nombra.',
    todo: 'Comprueba la conexión a Internet, o limita el paquete con --laboratorios.',
  },
  'MALLA-PAQ-10': {
    expected: 'Una dirección http:// o https:// de la red local, con la huella del paquete.',
    todo: 'Usa la dirección privada del equipo de la clase (10.…, 172.16.…, 192.168.…) y --huella.',
  },
  'MALLA-PAQ-11': {
    expected: 'El fichero entero, del servidor de la clase.',
    todo: 'Comprueba la red y que el servidor sigue en marcha; repite la orden: sigue donde lo dejó.',
  },
  'MALLA-PAQ-12': {
    expected: 'Imágenes y herramientas para este equipo.',
    todo: 'Crea el paquete también para esta arquitectura, con --arquitectura.',
  },
} as const;

export type BundleCode = keyof typeof texts;

export function bundleError(code: BundleCode, happened: string, cause?: unknown): CodedError {
  return new CodedError({ code, happened, ...texts[code], ...(cause === undefined ? {} : { cause }) });
}

/** The system's errors that have a cure of their own; others are given back as they are. */
export function explainWrite(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return bundleError('MALLA-PAQ-08', `No queda sitio para ${path}.`, error);
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return bundleError('MALLA-PAQ-08', `No se puede escribir en ${path} (${code}).`, error);
  return error;
}
