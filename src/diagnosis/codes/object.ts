import type { CatalogueEntry } from './entry.ts';

export const objectCodes = {
  'MALLA-OBJ-01': {
    title: 'El objeto no existe',
    why: 'El paso necesita un objeto que no está en el clúster.',
    cure: 'Aplica su manifiesto y comprueba el nombre y el espacio de nombres.',
  },
  'MALLA-OBJ-02': {
    title: 'El objeto existe, pero un campo no tiene el valor que se espera',
    why: 'El clúster hace lo que dice el objeto guardado, que puede no ser lo que hay en tu fichero.',
    cure: 'Corrige el campo que se señala y vuelve a aplicar el manifiesto.',
  },
  'MALLA-OBJ-03': {
    title: 'El objeto sigue ahí',
    why: 'El paso pide haberlo borrado.',
    cure: 'Bórralo con kubectl delete.',
  },
  'MALLA-OBJ-04': {
    title: 'El objeto está en otro espacio de nombres',
    why: 'Con el mismo nombre en otro espacio de nombres es otro objeto, y no tiene el mismo efecto.',
    cure: 'Aplícalo en el espacio de nombres del paso y borra el otro.',
  },
  'MALLA-OBJ-05': {
    title: 'El objeto existe, pero no cumple una condición del paso',
    why: 'El paso no pide un valor concreto, sino que el objeto diga ciertas cosas.',
    cure: 'Lee la condición, compárala con kubectl get -o yaml y vuelve a aplicar el manifiesto.',
  },
} satisfies Record<string, CatalogueEntry>;
