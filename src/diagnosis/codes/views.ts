import type { CatalogueEntry } from './entry.ts';

export const viewsCodes = {
  'MALLA-VIS-01': {
    title: 'El cliente de la petición ya no está',
    why: 'Para explicar una petición hace falta el proxy de quien la envía, y ese pod se ha ido.',
    cure: 'Recarga la lista de clientes y elige otro.',
  },
  'MALLA-VIS-02': {
    title: 'La página pregunta algo que Malla no entiende',
    why: 'Las vistas solo aceptan las preguntas de su lista, con todos sus datos.',
    cure: 'Revisa lo que has escrito en el formulario: la ruta empieza por «/» y el puerto es un número.',
  },
  'MALLA-VIS-03': {
    title: 'El panel no puede escuchar en ese puerto',
    why: 'Otro programa de la máquina lo usa, o no tienes permiso para ese número.',
    cure: 'Elige otro con «malla panel --puerto», o no digas ninguno y Malla buscará uno libre.',
  },
  'MALLA-VIS-04': {
    title: 'La página no tiene la clave del panel',
    why: 'Solo contesta a quien abre la dirección completa que escribió «malla panel»: así ninguna otra página de tu navegador puede preguntar a tu clúster.',
    cure: 'Copia otra vez la dirección entera del terminal y ábrela.',
  },
  'MALLA-VIS-05': {
    title: 'El panel no contesta',
    why: 'El programa que atiende las vistas se ha parado.',
    cure: 'Vuelve a lanzar «malla panel» y abre la dirección nueva.',
  },
  'MALLA-VIS-06': {
    title: 'Prometheus no entiende la consulta de una vista',
    why: 'El servicio prometheus de istio-system contesta, pero no como lo hace Prometheus.',
    cure: 'Comprueba que es el del addon de Istio: «kubectl get service prometheus -n istio-system».',
  },
  'MALLA-VIS-07': {
    title: 'Jaeger ya no tiene esa traza',
    why: 'Guarda las trazas en memoria: las más viejas se pierden, y todas cuando su pod se reinicia.',
    cure: 'Vuelve a buscar y elige otra de la lista.',
  },
  'MALLA-VIS-08': {
    title: 'No hay por dónde entrar en la malla',
    why: 'Para comparar lo que dice el motor con lo que hace Envoy se envía la petición, y desde fuera se entra por el ingress gateway.',
    cure: 'Instala la pasarela de Istio, o elige como cliente un pod de la malla.',
  },
  'MALLA-VIS-09': {
    title: 'El pod elegido no puede enviar la petición',
    why: 'La petición se envía con el curl del contenedor del programa, y ese contenedor no lo tiene.',
    cure: 'Elige como cliente un pod con curl, o la pasarela de entrada.',
  },
} satisfies Record<string, CatalogueEntry>;
