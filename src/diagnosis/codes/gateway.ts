import type { CatalogueEntry } from './entry.ts';

export const gatewayCodes = {
  'MALLA-PAS-06': {
    title: 'No existe el Secret que nombra el Gateway',
    why: 'Sin el certificado la pasarela no llega a abrir el puerto de HTTPS, y la conexión se rechaza; el API no avisa.',
    cure: 'Compara credentialName con kubectl get secrets en el espacio de nombres de la pasarela.',
  },
  'MALLA-PAS-07': {
    title: 'El Secret del certificado está en otro espacio de nombres',
    why: 'Una pasarela solo lee los Secret de su propio espacio de nombres, aunque el Gateway esté en otro.',
    cure: 'Crea el Secret en el espacio de nombres del pod de la pasarela.',
  },
  'MALLA-PAS-08': {
    title: 'El Secret no tiene el certificado y la clave donde se buscan',
    why: 'La pasarela busca dos entradas con nombre fijo, tls.crt y tls.key; otras no le sirven.',
    cure: 'Crea el Secret con kubectl create secret tls, que les da esos nombres y mira que sean pareja.',
  },
  'MALLA-PAS-09': {
    title: 'El modo de TLS del Gateway no es el que hace falta',
    why: 'SIMPLE termina el cifrado en la pasarela; MUTUAL pide además un certificado al cliente; PASSTHROUGH deja pasar los bytes sin leerlos.',
    cure: 'Elige spec.servers[].tls.mode según quién tenga el certificado y quién deba identificarse.',
  },
  'MALLA-PAS-10': {
    title: 'El puerto de HTTPS está abierto sin cifrar',
    why: 'El servidor del Gateway en ese puerto habla HTTP en claro, y el cliente empieza con un saludo de TLS que nadie entiende.',
    cure: 'Pon HTTPS en spec.servers[].port.protocol y su certificado en tls.',
  },
  'MALLA-PAS-12': {
    title: 'La redirección a HTTPS no termina nunca',
    why: 'La regla que redirige vale también para quien ya ha llegado por HTTPS, que vuelve a recibir la misma redirección.',
    cure: 'Redirige en el servidor del puerto 80 del Gateway, o haz que la regla valga solo para ese puerto.',
  },
  'MALLA-PAS-13': {
    title: 'La entrada sin cifrar no redirige a HTTPS',
    why: 'httpsRedirect solo actúa en el servidor del Gateway en el que está escrito, y tiene que ser el que recibe HTTP.',
    cure: 'Escribe tls.httpsRedirect en el servidor del puerto de HTTP.',
  },
  'MALLA-PAS-16': {
    title: 'La entrada admite nombres que no debía',
    why: 'Un VirtualService para "*" recoge las peticiones de cualquier nombre que el Gateway admita y que nadie más recoja.',
    cure: 'Escribe en spec.hosts los nombres de la aplicación, en el VirtualService o en el Gateway.',
  },
  'MALLA-PAS-20': {
    title: 'Nadie atiende la clase del Gateway',
    why: 'gatewayClassName elige quién hace la pasarela; con una clase que no es de Istio no nace ninguna, y no hay error.',
    cure: 'Mira las clases que hay con kubectl get gatewayclass.',
  },
  'MALLA-PAS-21': {
    title: 'El HTTPRoute cuelga de un Gateway que no existe',
    why: 'parentRefs lleva el nombre del objeto Gateway, y su espacio de nombres si no es el de la ruta.',
    cure: 'Corrige parentRefs; kubectl describe httproute enseña si algún Gateway la ha admitido.',
  },
  'MALLA-PAS-22': {
    title: 'El Gateway no admite el HTTPRoute',
    why: 'Ruta y listener tienen que coincidir en nombre de host, sección y puerto, y el listener ha de dejar entrar rutas de ese espacio de nombres.',
    cure: 'Compara el HTTPRoute con los listeners del Gateway: hostname, sectionName y allowedRoutes.',
  },
  'MALLA-PAS-23': {
    title: 'Ningún HTTPRoute recoge la petición',
    why: 'La pasarela escucha, pero ninguna ruta de las que cuelgan de ella es para ese nombre y ese camino: 404.',
    cure: 'Revisa hostnames y rules[].matches del HTTPRoute.',
  },
  'MALLA-PAS-25': {
    title: 'El destino del HTTPRoute no existe o no es de una clase que sirva',
    why: 'backendRefs nombra Services por su nombre corto; con otro nombre, u otra clase, la respuesta es 500.',
    cure: 'Corrige backendRefs: el nombre de un Service que exista.',
  },
  'MALLA-PAS-26': {
    title: 'El puerto del destino del HTTPRoute no es del Service',
    why: 'backendRefs[].port es un puerto del Service, no el del contenedor.',
    cure: 'Mira los puertos con kubectl get service y corrige el número.',
  },
  'MALLA-PAS-27': {
    title: 'Falta un ReferenceGrant',
    why: 'Para usar algo de otro espacio de nombres hace falta el permiso de su dueño: un ReferenceGrant, allí.',
    cure: 'Crea el ReferenceGrant en el espacio de nombres de lo que se usa, o trae aquí lo que se usa.',
  },
  'MALLA-PAS-28': {
    title: 'El listener del Gateway no sirve',
    why: 'Un listener con un error (el certificado, el protocolo, un conflicto con otro) no abre su puerto.',
    cure: 'Mira las condiciones con kubectl describe gateway.',
  },
  'MALLA-PAS-30': {
    title: 'No hay pasarela de la Gateway API con ese nombre',
    why: 'Cada Gateway de la Gateway API hace nacer su propia pasarela, con su Service: sin el Gateway no está.',
    cure: 'Comprueba que las clases de la Gateway API están instaladas y que el Gateway existe y se llama como se pide.',
  },
  'MALLA-PAS-31': {
    title: 'El Service no tiene NodePort',
    why: 'Desde fuera del clúster solo se llega a un Service de tipo NodePort o LoadBalancer, y por un puerto que tenga.',
    cure: 'Mira la columna PORT(S) de kubectl get service; en un Gateway, el tipo lo da una anotación.',
  },
  'MALLA-RED-08': {
    title: 'Un programa llama por HTTP/1.0 a través de su sidecar',
    why: 'Envoy no admite HTTP/1.0 y contesta 426 Upgrade Required; sin sidecar la misma llamada funcionaría.',
    cure: 'Configura el programa para que llame por HTTP/1.1; en nginx, con proxy_http_version.',
  },
} satisfies Record<string, CatalogueEntry>;
