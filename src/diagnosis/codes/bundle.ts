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
} satisfies Record<string, CatalogueEntry>;
