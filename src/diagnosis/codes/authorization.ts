import type { CatalogueEntry } from './entry.ts';

export const authorizationCodes = {
  'MALLA-AUT-01': {
    title: 'Ninguna AuthorizationPolicy protege el destino',
    why: 'Mientras no haya ninguna, todo está permitido.',
    cure: 'Crea la política en el espacio de nombres del destino.',
  },
  'MALLA-AUT-02': {
    title: 'La AuthorizationPolicy está en otro espacio de nombres',
    why: 'Vale para los pods de su propio espacio de nombres, que son los que reciben; la de istio-system, para toda la malla.',
    cure: 'Ponla en el espacio de nombres de quien recibe la petición, no en el de quien la envía.',
  },
  'MALLA-AUT-03': {
    title: 'El selector de la AuthorizationPolicy no selecciona al destino',
    why: 'Las etiquetas del selector deben estar, todas e iguales, en los pods que reciben. Nadie avisa si no selecciona a ninguno.',
    cure: 'Compara el selector con «kubectl get pods --show-labels».',
  },
  'MALLA-AUT-04': {
    title: 'La identidad no tiene la forma que debe',
    why: 'Un principal se escribe «cluster.local/ns/ESPACIO/sa/CUENTA»: empieza por el dominio de confianza y no lleva spiffe://.',
    cure: 'Escribe la identidad entera, sin spiffe:// delante.',
  },
  'MALLA-AUT-05': {
    title: 'La identidad es de otro',
    why: 'La identidad de un pod es su cuenta de servicio (serviceAccountName) en su espacio de nombres, no el nombre del Deployment ni el del Service.',
    cure: 'Mira la cuenta del pod que llama con «kubectl get pod -o yaml» y compárala.',
  },
  'MALLA-AUT-06': {
    title: 'La ruta está escrita de una forma que no casa nunca',
    why: 'En paths se compara la ruta sin la consulta (lo que va detrás de «?»). Un asterisco solo vale al principio o al final; dentro, la forma es {*}.',
    cure: 'Escribe la ruta exacta, o su comienzo con un asterisco al final.',
  },
  'MALLA-AUT-07': {
    title: 'El método está en minúsculas',
    why: 'Los métodos de HTTP van en mayúsculas y se comparan letra por letra: «get» no es «GET».',
    cure: 'Escribe el método en mayúsculas.',
  },
  'MALLA-AUT-08': {
    title: 'Hay una política ALLOW y ninguna regla recoge la petición',
    why: 'En cuanto hay una política ALLOW para un destino, lo que no recoja ninguna regla se deniega. Una sin reglas (spec: {}) no recoge nada.',
    cure: 'Añade una política que permita esta petición, y solo esta.',
  },
  'MALLA-AUT-09': {
    title: 'Una regla vacía lo permite todo',
    why: '«rules: [{}]» es una regla sin condiciones, que cumplen todas las peticiones. Sin reglas (spec: {}) es lo contrario: no la cumple ninguna.',
    cure: 'Para denegar todo quita rules; para permitir algo, escribe sus condiciones.',
  },
  'MALLA-AUT-10': {
    title: 'Un DENY lo recoge todo',
    why: 'La regla no dice para quién ni para qué operaciones es, y deniega todas. DENY se mira antes que ALLOW: nada la compensa.',
    cure: 'Limita la regla con from, to o when.',
  },
  'MALLA-AUT-11': {
    title: 'Falta permitir a la pasarela',
    why: 'Lo que entra por la pasarela llega al servicio con la identidad de la pasarela, no con la de quien hizo la petición.',
    cure: 'Añade la identidad del ingress gateway a quien puede llamar a ese servicio.',
  },
  'MALLA-AUT-12': {
    title: 'El método no está en la regla',
    why: 'methods es una lista cerrada: lo que no está en ella no casa con la regla.',
    cure: 'Compara el método de la petición con la lista.',
  },
  'MALLA-AUT-13': {
    title: 'La ruta no está en la regla',
    why: 'paths se compara letra por letra, salvo con un asterisco: «/info» no recoge «/info/1».',
    cure: 'Compara la ruta de la petición con la lista.',
  },
  'MALLA-AUT-14': {
    title: 'El espacio de nombres de quien llama no está en la regla',
    why: 'namespaces mira de dónde es la identidad de quien llama.',
    cure: 'Compara el espacio de nombres del cliente con la lista.',
  },
  'MALLA-AUT-15': {
    title: 'Quien llama no tiene identidad',
    why: 'Las identidades vienen del certificado de mTLS. Un cliente sin sidecar, o al que una DestinationRule le apaga el TLS, no presenta ninguna.',
    cure: 'Mete al cliente en la malla, o deja que hable mTLS.',
  },
  'MALLA-AUT-16': {
    title: 'La regla permite más de lo que debe',
    why: 'Lo que una regla no dice, no lo limita: sin from vale para todos, y sin to, para todas las operaciones.',
    cure: 'Añade a la regla la condición que falta.',
  },
  'MALLA-AUT-17': {
    title: 'La política está puesta en el cliente',
    why: 'Quien decide es el sidecar de quien recibe. El selector dice a quién se protege; a quién se deja pasar se dice en from.',
    cure: 'Selecciona los pods del servicio que recibe la petición.',
  },
  'MALLA-AUT-18': {
    title: 'Quién y qué están en reglas distintas',
    why: 'Cada guion de rules es una regla entera, y basta con cumplir una: una permite todo a ese cliente, y la otra permite eso a cualquiera.',
    cure: 'Junta from y to en la misma regla: un solo guion para los dos.',
  },
  'MALLA-AUT-19': {
    title: 'La política está de prueba',
    why: 'Con la anotación istio.io/dry-run la política solo se apunta en el registro: no decide nada.',
    cure: 'Quita la anotación.',
  },
  'MALLA-AUT-20': {
    title: 'La acción es ALLOW y hace falta DENY',
    why: 'Otra política ya permite esta petición. Añadir un ALLOW solo permite más: para quitar algo hace falta DENY, que se mira antes.',
    cure: 'Cambia la acción de la política que debía denegar.',
  },
  'MALLA-AUT-21': {
    title: 'Un DENY recoge esta petición',
    why: 'Basta con que una regla DENY la recoja para que se deniegue: se miran antes que las ALLOW.',
    cure: 'Revisa a quién y a qué se aplica la regla que se señala.',
  },
  'MALLA-AUT-22': {
    title: 'La regla nombra el puerto del Service',
    why: 'ports son puertos del pod (targetPort), no los del Service.',
    cure: 'Mira el targetPort del Service y usa ese número.',
  },
  'MALLA-AUT-23': {
    title: 'La petición no cumple una condición de la regla',
    why: 'Una regla vale si se cumplen todas sus partes: from, to y when.',
    cure: 'Compara la petición con la parte de la regla que se señala.',
  },
  'MALLA-AUT-24': {
    title: 'La política pide a la pasarela una autorización que no da',
    why: 'La decisión se ha tomado en la pasarela, antes de llegar al servicio: una política de istio-system, o una que la selecciona, vale para ella.',
    cure: 'Mira qué políticas hay en istio-system y a quién seleccionan.',
  },
} satisfies Record<string, CatalogueEntry>;
