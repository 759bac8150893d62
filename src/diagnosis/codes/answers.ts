import type { CatalogueEntry } from './entry.ts';

export const answerCodes = {
  'MALLA-RES-01': {
    title: 'La pregunta está sin contestar',
    why: 'El paso pide que mires algo y digas qué has visto.',
    cure: 'Escribe la respuesta en el panel, o con «malla responder».',
  },
  'MALLA-RES-02': {
    title: 'La respuesta no es la que corresponde',
    why: 'Tildes, mayúsculas y espacios no cuentan: lo que no casa es lo que dice.',
    cure: 'Repite las órdenes del paso, lee lo que sale y contesta otra vez.',
  },
  'MALLA-RES-03': {
    title: 'Se pregunta un número',
    why: 'Se compara como número: con coma o con punto, con unidad o sin ella.',
    cure: 'Contesta solo con la cifra, por ejemplo «503» o «0,5».',
  },
} satisfies Record<string, CatalogueEntry>;
