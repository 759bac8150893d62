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
  'ListenerSet y BackendTLSPolicy se guardan y no hacen nada; el istiod real los obedece. UDPRoute no hace nada en ninguno de los dos. TCPRoute y TLSRoute se obedecen, y no se han grabado en la malla real: siguen el código de istiod.',
  '`jwksUri` solo se pide por `http` y dentro del clúster; el API avisa cuando la dirección es otra.',
  'Con `AUTO_PASSTHROUGH`, un cliente que no ofrece un protocolo de Istio en su saludo TLS se rechaza como en la malla real; a uno que lo ofrece desde fuera no se le pide el certificado.',
  'El `tls` de un `ingress` de un Sidecar no hace nada, como en un istiod sin `ENABLE_TLS_ON_SIDECAR_INGRESS`, que es lo normal; con esa variable, tampoco aquí.',
  'Los límites de conexiones no cuentan las que solo se copian (un cliente TCP que no habla HTTP).',
  'En los formatos de registro, los números de conexión, los bytes en el cable, los certificados enteros, `UNIQUE_ID` y `DYNAMIC_METADATA` salen vacíos. Un filtro CEL puede usar `string()`, que el Envoy real rechaza.',
  '`concurrency` se ve en la inyección, en `server_info` y en las estadísticas, y no cambia nada más.',
  'En un puerto que no es de ningún Service, el registro del servidor dice la petición HTTP, como con los filtros de Istio; la malla con que se compara, que no los tiene, dice una conexión.',
  'De los contadores de Envoy, el embebido tiene los de peticiones, conexiones fallidas y límites; un Envoy real, varias decenas más por cluster. En 15090 solo salen los de los clusters que se han usado.',
  'El orden de los listeners y de las rutas en `istioctl proxy-config -o json` cambia de un proxy real a otro; el embebido da siempre el mismo. El de los clusters coincide.',
];
