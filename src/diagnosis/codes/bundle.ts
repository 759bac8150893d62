import type { CatalogueEntry } from './entry.ts';

/** Of cleaning up and of class bundles. */
export const bundleCodes = {
  'MALLA-USO-30': {
    title: 'La orden pide permiso y no hay a quién preguntar',
    why: 'Antes de borrar, descargar o instalar algo hace falta un sí claro.',
    cure: 'Mira lo que haría y repítela con --si.',
  },
  'MALLA-USO-31': {
    title: 'Un capítulo de teoría no deja nada en el clúster',
    why: 'No hay nada suyo que limpiar.',
    cure: 'Nombra un laboratorio, o ninguno para limpiar lo de todos.',
  },
  'MALLA-PAQ-01': {
    title: 'paquete.json no es el de un paquete de clase',
    why: 'De él sale qué ficheros hay y qué huella tiene cada uno; si no se entiende entero, no se usa nada.',
    cure: 'Comprueba la carpeta o copia el paquete otra vez.',
  },
  'MALLA-PAQ-02': {
    title: 'Falta un fichero del paquete',
    why: 'Sin él, algo se bajaría de Internet o no funcionaría.',
    cure: 'Copia el paquete otra vez.',
  },
  'MALLA-PAQ-03': {
    title: 'Un fichero del paquete está cortado',
    why: 'Una copia que se interrumpe deja ficheros más cortos.',
    cure: 'Copia ese fichero otra vez.',
  },
  'MALLA-PAQ-04': {
    title: 'Un fichero del paquete no es el que se empaquetó',
    why: 'Su contenido ha cambiado desde que se hizo: por un disco que falla o porque alguien lo cambió.',
    cure: 'No lo uses: pide el paquete a quien lo hizo.',
  },
  'MALLA-PAQ-05': {
    title: 'Sobran ficheros en el paquete',
    why: 'Lo que no está en paquete.json no se ha comprobado, y podría confundir.',
    cure: 'Borra o aparta lo que sobra.',
  },
  'MALLA-PAQ-06': {
    title: 'Hay enlaces en el paquete',
    why: 'Un enlace puede llevar a otro sitio del disco, que no es del paquete.',
    cure: 'Copia el paquete siguiendo los enlaces.',
  },
  'MALLA-PAQ-07': {
    title: 'La huella no es la del paquete',
    why: 'La huella de paquete.json responde de todos los demás ficheros.',
    cure: 'Comprueba que la has escrito bien; si lo está, no uses el paquete.',
  },
  'MALLA-PAQ-08': {
    title: 'No queda sitio para el paquete',
    why: 'Las imágenes ocupan varios gigabytes.',
    cure: 'Libera espacio o elige otra carpeta, y repite la orden: sigue donde lo dejó.',
  },
  'MALLA-PAQ-09': {
    title: 'Faltan imágenes',
    why: 'Un paquete al que le falta una imagen obliga a bajarla en clase.',
    cure: 'Comprueba la conexión, o limita el paquete con --laboratorios.',
  },
  'MALLA-PAQ-10': {
    title: 'Esa dirección no vale para traer un paquete',
    why: 'Un paquete por la red viene solo de la red local y con su huella: así nadie de fuera puede cambiarlo.',
    cure: 'Usa la dirección privada del equipo de la clase, y --huella.',
  },
  'MALLA-PAQ-11': {
    title: 'El servidor del paquete falla',
    why: 'Se ha cortado, no contesta o manda a otro sitio.',
    cure: 'Comprueba la red y repite la orden: sigue donde lo dejó.',
  },
  'MALLA-PAQ-12': {
    title: 'El paquete no es para esta arquitectura',
    why: 'Las imágenes de amd64 no funcionan en arm64, ni al revés.',
    cure: 'Crea el paquete también para esta, con --arquitectura.',
  },
} satisfies Record<string, CatalogueEntry>;
