// Differences that stay, and why: what the embedded cluster does not do. In Spanish, for the page.

/** Full id of the behaviour → reason. */
export const accepted: Record<string, string> = {
  'refused-others/no-issuer':
    'se acepta en los dos; el embebido añade un aviso: esas claves están en Internet, y Malla no sale',
  'repeated-headers/request':
    'la malla real quita un `Referer` que no es una sola dirección, y el embebido lo une con comas; las dos cuentas de servicio son otras porque la real se grabó en otro espacio de nombres',
};

/** What is known to differ without a question of the list that shows it. In Spanish, for the page. */
export const knownLimits: readonly string[] = [
  'TCPRoute, UDPRoute, TLSRoute y ListenerSet no están en las CRD de `samples/gateway-api`: kubectl dice que esas clases no existen. Si se instalan sus CRD, los objetos se guardan y no hacen nada.',
  '`jwksUri` solo se pide por `http` y dentro del clúster; el API avisa cuando la dirección es otra.',
  'Con `AUTO_PASSTHROUGH`, un cliente que no ofrece un protocolo de Istio en su saludo TLS se rechaza como en la malla real; a uno que lo ofrece desde fuera no se le pide el certificado.',
  'De un `ingress` de un Sidecar se obedecen el puerto, el protocolo y `defaultEndpoint`; su `tls` y su `connectionPool`, no.',
  'En los formatos de registro, los números de conexión, los bytes en el cable, los certificados enteros y `UNIQUE_ID` salen vacíos; `METADATA(ROUTE)` y `DYNAMIC_METADATA`, también. Un filtro CEL puede usar `string()`, que el Envoy real rechaza.',
  '`concurrency` se ve en la inyección, en `server_info` y en las estadísticas, y no cambia nada más.',
  'En un puerto que no es de ningún Service, el registro del servidor dice la petición HTTP, como con los filtros de Istio; la malla con que se compara, que no los tiene, dice una conexión.',
  '`istioctl proxy-config endpoints` da la misma prioridad a todos los lugares, aunque el reparto sí las distingue.',
  'El orden de los listeners y de las rutas en `istioctl proxy-config -o json` cambia de un proxy real a otro; el embebido da siempre el mismo. El de los clusters coincide.',
];
