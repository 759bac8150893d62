import type { CatalogueEntry } from './entry.ts';

export const splitCodes = {
  'MALLA-REP-01': {
    title: 'Los pesos no son los que se piden',
    why: 'Cada destino recibe su peso dividido por la suma de los pesos de la regla.',
    cure: 'Corrige weight en los destinos que se señalan.',
  },
  'MALLA-REP-02': {
    title: 'Los pesos están intercambiados',
    why: 'Los números son los que se piden, pero cada uno está en el destino de otro.',
    cure: 'Intercambia los pesos, o los subsets, de los destinos.',
  },
  'MALLA-REP-03': {
    title: 'Falta el destino de una versión',
    why: 'La regla no envía nada a una versión que debía recibir tráfico.',
    cure: 'Añade a la ruta un destino con su subset y su peso.',
  },
  'MALLA-REP-04': {
    title: 'La regla envía tráfico a una versión que no debía recibirlo',
    why: 'Un destino de la ruta apunta a una versión que el paso deja fuera.',
    cure: 'Quita ese destino, ponle peso 0 o cambia su subset.',
  },
  'MALLA-REP-05': {
    title: 'Las respuestas no son independientes entre sí',
    why: 'Llegan en rachas (sesión pegajosa, o un cambio a mitad de la medida), y así no se puede juzgar un reparto.',
    cure: 'Quita consistentHash de la DestinationRule, o espera a que el cambio termine de llegar.',
  },
  'MALLA-REP-06': {
    title: 'La ruta no separa las versiones',
    why: 'Un destino sin subset se reparte por igual entre todos los pods del servicio.',
    cure: 'Da a cada destino de la ruta su subset.',
  },
  'MALLA-RED-01': {
    title: 'La entrada rechaza la conexión',
    why: 'Nadie escucha en la dirección de entrada.',
    cure: 'Comprueba que el ingress gateway está en marcha y que hay un Gateway que le pide abrir el puerto.',
  },
  'MALLA-RED-02': {
    title: 'La respuesta es 404',
    why: 'Ninguna ruta recoge la petición, o la aplicación no conoce esa dirección.',
    cure: 'Revisa las rutas del VirtualService y la dirección pedida.',
  },
  'MALLA-RED-03': {
    title: 'La respuesta es 503',
    why: 'Un proxy no encontró a quién enviar la petición, o la conexión falló.',
    cure: 'Mira el registro de acceso del proxy: la marca (NC, UH, UF…) dice cuál de las dos.',
  },
  'MALLA-RED-04': {
    title: 'El código de estado no es el que se espera',
    why: 'La petición llegó, pero alguien respondió otra cosa.',
    cure: 'Repite la petición con curl -v y mira quién responde.',
  },
  'MALLA-RED-05': {
    title: 'La página no contiene lo que se espera',
    why: 'Responde otra aplicación, u otra versión, o a la página le falta una parte.',
    cure: 'Abre la dirección y compara lo que ves con lo que pide el paso.',
  },
  'MALLA-RED-06': {
    title: 'La entrada no contesta',
    why: 'El nombre no se resuelve, la conexión se corta o no llega respuesta a tiempo.',
    cure: 'Comprueba la dirección de entrada y la red hasta el clúster.',
  },
  'MALLA-RED-07': {
    title: 'Una política interviene',
    why: 'Algo que no es una ruta (autorización, mTLS, un filtro) cambia lo que la petición obtiene.',
    cure: 'Mira AuthorizationPolicy, PeerAuthentication, RequestAuthentication, Sidecar y EnvoyFilter de esos espacios de nombres.',
  },
} satisfies Record<string, CatalogueEntry>;
