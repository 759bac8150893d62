import type { CatalogueEntry } from './entry.ts';

export const analysisCodes = {
  'MALLA-ANA-01': {
    title: 'istioctl analyze encuentra un error en un objeto',
    why: 'No es seguro que lo que falla venga de ahí, pero Istio no entiende ese objeto como lo has escrito.',
    cure: 'Escribe «istioctl analyze», lee el mensaje entero y corrige primero ese objeto.',
  },
} satisfies Record<string, CatalogueEntry>;
