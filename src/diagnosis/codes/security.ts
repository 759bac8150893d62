// Who talks with whom: mutual TLS, tokens and authorization.
import { authorizationCodes } from './authorization.ts';
import type { CatalogueEntry } from './entry.ts';
import { tokenCodes } from './tokens.ts';

const mutualTlsCodes = {
  'MALLA-MTL-01': {
    title: 'Nadie exige mTLS',
    why: 'Sin ninguna PeerAuthentication la malla está en PERMISSIVE: los sidecars hablan mTLS entre sí, y también aceptan texto plano.',
    cure: 'Crea una PeerAuthentication que lo exija en el espacio de nombres del destino.',
  },
  'MALLA-MTL-02': {
    title: 'La PeerAuthentication está en otro espacio de nombres',
    why: 'Vale para los pods de su propio espacio de nombres, que son los que reciben; la de istio-system, sin selector, vale para toda la malla.',
    cure: 'Ponla en el espacio de nombres de quien recibe la petición, no en el de quien la envía.',
  },
  'MALLA-MTL-03': {
    title: 'El selector de la PeerAuthentication no selecciona al destino',
    why: 'Las etiquetas del selector deben estar, todas e iguales, en los pods que reciben. Nadie avisa si no selecciona a ninguno.',
    cure: 'Compara el selector con «kubectl get pods --show-labels».',
  },
  'MALLA-MTL-04': {
    title: 'El modo de la PeerAuthentication no exige mTLS',
    why: 'Solo STRICT rechaza el texto plano: PERMISSIVE acepta las dos cosas, DISABLE lo apaga y UNSET hereda.',
    cure: 'Revisa spec.mtls.mode.',
  },
  'MALLA-MTL-05': {
    title: 'Una excepción de puerto deja pasar el texto plano',
    why: 'portLevelMtls gana, en ese puerto, a lo que diga el resto de la PeerAuthentication y a la del espacio de nombres.',
    cure: 'Quita la excepción de ese puerto o cambia su modo.',
  },
  'MALLA-MTL-06': {
    title: 'El cliente no tiene sidecar y el destino exige mTLS',
    why: 'Sin sidecar nadie pone un certificado en su nombre: habla texto plano, y con STRICT el destino corta la conexión.',
    cure: 'Mete al cliente en la malla, o haz una excepción para quien no pueda entrar.',
  },
  'MALLA-MTL-07': {
    title: 'Una DestinationRule apaga el TLS y el destino lo exige',
    why: 'La DestinationRule manda en cómo habla el cliente; la PeerAuthentication, en qué acepta el servidor. Si no casan, la conexión se corta y el cliente ve 503.',
    cure: 'Haz que trafficPolicy.tls.mode case con el modo del destino, o quita ese bloque: sin él, Istio elige bien.',
  },
  'MALLA-MTL-08': {
    title: 'Otra PeerAuthentication, más concreta, gana',
    why: 'Manda la del puerto, después la del selector, después la del espacio de nombres y al final la de toda la malla. Entre iguales, la más antigua.',
    cure: 'Busca con «kubectl get peerauthentication -A» cuál se aplica al destino y quita la que sobre.',
  },
  'MALLA-MTL-09': {
    title: 'El destino no tiene sidecar',
    why: 'PeerAuthentication, RequestAuthentication y AuthorizationPolicy las cumple el sidecar de quien recibe. Sin sidecar no las cumple nadie.',
    cure: 'Activa la inyección donde está el destino y crea sus pods de nuevo.',
  },
  'MALLA-MTL-10': {
    title: 'Una DestinationRule exige mTLS a quien no lo habla',
    why: 'Con ISTIO_MUTUAL el cliente solo habla mTLS. Si el destino no tiene sidecar, o lo tiene con DISABLE, no se entienden y el cliente ve 503.',
    cure: 'Quita el bloque tls de la DestinationRule: sin él, Istio habla con cada uno como puede.',
  },
  'MALLA-MTL-11': {
    title: 'El cliente está dentro de la malla',
    why: 'Este paso mira qué le pasa a un cliente sin sidecar, y el que envía la petición lo tiene: su conexión es mTLS y STRICT la acepta.',
    cure: 'Quita la inyección del espacio de nombres del cliente y crea su pod de nuevo.',
  },
  'MALLA-MTL-12': {
    title: 'La excepción nombra el puerto del Service',
    why: 'Las claves de portLevelMtls son puertos del pod (targetPort), no los del Service: un puerto en el que el pod no escucha no cambia nada.',
    cure: 'Mira el targetPort del Service y usa ese número.',
  },
  'MALLA-MTL-13': {
    title: 'Una DestinationRule habla otro TLS',
    why: 'Con SIMPLE o MUTUAL el cliente usa TLS corriente, sin el certificado de la malla: el sidecar del destino no lo reconoce.',
    cure: 'Entre sidecars el modo es ISTIO_MUTUAL, o ninguno.',
  },
} satisfies Record<string, CatalogueEntry>;

export const securityCodes = {
  ...mutualTlsCodes,
  ...tokenCodes,
  ...authorizationCodes,
} satisfies Record<string, CatalogueEntry>;
