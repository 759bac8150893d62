import type { CatalogueEntry } from './entry.ts';

export const proxyCodes = {
  'MALLA-PRX-01': {
    title: 'El proxy no tiene ese elemento',
    why: 'istiod escribe la configuración de cada Envoy a partir de los objetos: Services y DestinationRules dan clusters y endpoints; los VirtualServices, rutas; los Gateways, listeners.',
    cure: 'Compara con «istioctl proxy-config» lo que tiene y busca el objeto del que sale lo que falta.',
  },
  'MALLA-PRX-02': {
    title: 'El elemento del proxy no es como se pide',
    why: 'El proxy tiene ese elemento con otro contenido: sale de un objeto que dice otra cosa.',
    cure: 'Mira el elemento entero con «istioctl proxy-config … -o json» y busca el campo que se señala.',
  },
  'MALLA-PRX-03': {
    title: 'El proxy tiene algo que no debía',
    why: 'Mientras exista el objeto del que sale, istiod lo sigue repartiendo.',
    cure: 'Busca el objeto del que sale y quítalo o cámbialo.',
  },
  'MALLA-PRX-04': {
    title: 'Ninguna DestinationRule define ese subset',
    why: 'Un cluster con subset solo existe si una DestinationRule de ese host lo define.',
    cure: 'Define el subset en la DestinationRule del servicio, o corrige su nombre.',
  },
} satisfies Record<string, CatalogueEntry>;
