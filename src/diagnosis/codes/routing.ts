import type { CatalogueEntry } from './entry.ts';

export const routingCodes = {
  'MALLA-PAS-01': {
    title: 'No hay ningún Gateway',
    why: 'El ingress gateway solo abre los puertos que un objeto Gateway le pide; sin él la conexión se rechaza.',
    cure: 'Crea un Gateway que seleccione al ingress gateway.',
  },
  'MALLA-PAS-02': {
    title: 'El selector del Gateway no selecciona ningún pod',
    why: 'spec.selector compara etiquetas de los pods de la pasarela; si ninguna casa, nadie abre el puerto.',
    cure: 'Compara el selector con kubectl get pods -n istio-system --show-labels.',
  },
  'MALLA-PAS-03': {
    title: 'El Gateway no abre el puerto por el que se entra',
    why: 'El Service del ingress gateway lleva su puerto 80 al 8080 del pod; el Gateway ha de pedir uno de los dos.',
    cure: 'Usa en spec.servers[].port.number un puerto del Service de la pasarela.',
  },
  'MALLA-PAS-04': {
    title: 'Los hosts del Gateway no incluyen el de la petición',
    why: 'La pasarela responde 404 a los nombres que ningún server admite.',
    cure: 'Añade el nombre a spec.servers[].hosts, o "*" para admitir cualquiera.',
  },
  'MALLA-PAS-05': {
    title: 'El protocolo del Gateway no es HTTP',
    why: 'Por ese puerto llegan peticiones HTTP en claro; con otro protocolo las rutas HTTP no se aplican.',
    cure: 'Pon HTTP en spec.servers[].port.protocol.',
  },
  'MALLA-RUT-01': {
    title: 'Ningún VirtualService está ligado al Gateway',
    why: 'El Gateway abre la puerta, pero solo un VirtualService que lo nombre dice adónde va cada petición: sin él, 404.',
    cure: 'Nombra el Gateway en spec.gateways del VirtualService.',
  },
  'MALLA-RUT-02': {
    title: 'El VirtualService nombra un Gateway que no existe',
    why: 'El API acepta la referencia aunque no exista, y la regla no se aplica en ninguna pasarela.',
    cure: 'Corrige el nombre en spec.gateways; si el Gateway está en otro espacio de nombres, escribe espacio/nombre.',
  },
  'MALLA-RUT-03': {
    title: 'Ninguna regla recoge esa ruta',
    why: 'La petición llega al VirtualService y no casa con ningún match: 404.',
    cure: 'Revisa los match de spec.http: exact exige la ruta entera y prefix solo su comienzo.',
  },
  'MALLA-RUT-04': {
    title: 'Los hosts del VirtualService no casan con los del Gateway o los de la petición',
    why: 'En la pasarela cuentan los nombres que están a la vez en el Gateway y en el VirtualService.',
    cure: 'Haz que spec.hosts contenga el nombre por el que se entra, o "*".',
  },
  'MALLA-RUT-05': {
    title: 'No hay VirtualService para el servicio',
    why: 'Sin reglas propias, el tráfico se reparte por igual entre todos los pods del Service.',
    cure: 'Crea un VirtualService cuyo spec.hosts nombre al servicio.',
  },
  'MALLA-RUT-06': {
    title: 'El VirtualService solo vale para la pasarela',
    why: 'Con spec.gateways escrito, los sidecars solo lo siguen si la lista incluye mesh.',
    cure: 'Quita spec.gateways, o añade mesh a la lista.',
  },
  'MALLA-RUT-07': {
    title: 'Dos VirtualService para el mismo host',
    why: 'Los sidecars siguen solo al más antiguo; el otro no tiene efecto.',
    cure: 'Deja uno solo: modifica el que ya estaba o bórralo.',
  },
  'MALLA-RUT-08': {
    title: 'El VirtualService no nombra a ese servicio',
    why: 'Un nombre corto se completa con el espacio de nombres del VirtualService: en otro espacio es otro servicio.',
    cure: 'Crea el VirtualService en el espacio de nombres del servicio, o escribe el nombre completo.',
  },
  'MALLA-RUT-09': {
    title: 'Una regla anterior recoge todo el tráfico',
    why: 'Las reglas se prueban en orden; tras una sin match no se llega a las siguientes.',
    cure: 'Pon las reglas concretas delante y la general al final.',
  },
  'MALLA-RUT-10': {
    title: 'El destino de la ruta no existe',
    why: 'El proxy no conoce ese nombre y responde 503 sin cuerpo.',
    cure: 'Corrige destination.host: es el nombre de un Service, no el de un Deployment.',
  },
  'MALLA-RUT-11': {
    title: 'El puerto del destino no es del Service',
    why: 'destination.port.number ha de ser un puerto del Service.',
    cure: 'Mira los puertos con kubectl get service y corrige el número.',
  },
  'MALLA-RUT-12': {
    title: 'Un VirtualService sigue fijando el tráfico',
    why: 'El paso espera el reparto por igual entre los pods, y la regla que queda lo impide.',
    cure: 'Borra el VirtualService que se señala.',
  },
  'MALLA-DES-01': {
    title: 'Falta la DestinationRule',
    why: 'Una ruta a un subset que nadie define da 503: los subsets existen solo en una DestinationRule.',
    cure: 'Crea la DestinationRule del servicio con sus subsets.',
  },
  'MALLA-DES-02': {
    title: 'El subset no está definido en la DestinationRule',
    why: 'El nombre del VirtualService y el de la DestinationRule han de ser idénticos; si no, 503.',
    cure: 'Añade el subset a la DestinationRule o corrige el nombre en la ruta.',
  },
  'MALLA-DES-03': {
    title: 'El subset no selecciona ningún pod',
    why: 'Sus labels no casan con las de ningún pod del servicio: 503 «no healthy upstream».',
    cure: 'Compara las labels del subset con kubectl get pods --show-labels.',
  },
  'MALLA-DES-04': {
    title: 'El host de la DestinationRule no es un servicio',
    why: 'La regla se guarda, pero no se aplica a nadie.',
    cure: 'Corrige spec.host para que nombre al Service.',
  },
  'MALLA-DES-05': {
    title: 'El subset selecciona otra versión',
    why: 'Su nombre dice una versión y sus labels otra: el tráfico va adonde dicen las labels.',
    cure: 'Iguala las labels del subset a las de los pods de esa versión.',
  },
  'MALLA-DES-06': {
    title: 'La DestinationRule está en un espacio de nombres que no cuenta',
    why: 'Un proxy la busca en su espacio de nombres, en el del servicio y en istio-system; y los nombres cortos se completan con el de la regla.',
    cure: 'Crea la DestinationRule en el espacio de nombres del servicio.',
  },
} satisfies Record<string, CatalogueEntry>;
