// PeerAuthentication, RequestAuthentication and AuthorizationPolicy.
export const securityMeanings: Record<string, Record<string, string>> = {
  PeerAuthentication: {
    'spec.mtls': 'Si los pods aceptan conexiones sin mTLS.',
    'spec.mtls.mode':
      'STRICT: solo con mTLS. PERMISSIVE: con y sin (lo de serie). DISABLE: sin. UNSET: lo del nivel de arriba.',
    'spec.portLevelMtls': 'Otro modo para un puerto del pod. Necesita `selector`.',
  },
  RequestAuthentication: {
    'spec.jwtRules':
      'Tokens que se aceptan. Quien no trae ninguno pasa: para exigirlo hace falta una AuthorizationPolicy.',
    'spec.jwtRules[].issuer': 'Quién firma el token (su `iss`).',
    'spec.jwtRules[].audiences': 'Para quién es el token (su `aud`); con otro, 403.',
    'spec.jwtRules[].jwksUri': 'Dónde están las claves públicas de quien firma.',
    'spec.jwtRules[].jwks': 'Las claves públicas, aquí mismo.',
    'spec.jwtRules[].fromHeaders': 'De qué cabeceras se toma, en vez de `Authorization: Bearer`.',
    'spec.jwtRules[].fromParams': 'De qué parámetros de la URL se toma.',
    'spec.jwtRules[].forwardOriginalToken': 'El token sigue hasta el servicio; si no, se quita.',
    'spec.jwtRules[].outputClaimToHeaders': 'Datos del token que se pasan al servicio en cabeceras.',
  },
  AuthorizationPolicy: {
    'spec.action':
      'ALLOW (lo de serie): pasa lo que encaje, y si hay alguna ALLOW lo demás no. DENY: no pasa. AUDIT: se anota. CUSTOM: decide otro.',
    'spec.rules': 'Basta con que encaje una. Sin reglas no encaja nada: con ALLOW, nadie pasa. `- {}` encaja con todo.',
    'spec.rules[].from': 'Quién llama.',
    'spec.rules[].to': 'Qué pide.',
    'spec.rules[].when': 'Otras condiciones, todas a la vez.',
    'spec.rules[].from[].source.principals':
      'Identidad de quien llama, `cluster.local/ns/ESPACIO/sa/CUENTA`. Solo se conoce con mTLS.',
    'spec.rules[].from[].source.namespaces': 'Espacio de nombres de quien llama. Solo se conoce con mTLS.',
    'spec.rules[].from[].source.requestPrincipals':
      'Dueño del token, `quien-firma/sujeto`; `*` es cualquier token válido.',
    'spec.rules[].from[].source.ipBlocks': 'Direcciones desde las que llega la conexión.',
    'spec.rules[].from[].source.remoteIpBlocks': 'Direcciones del cliente de verdad, según X-Forwarded-For.',
    'spec.rules[].to[].operation.methods': 'Métodos: GET, POST…',
    'spec.rules[].to[].operation.paths': 'Caminos: exactos, `/a*` o `*a`.',
    'spec.rules[].to[].operation.hosts': 'Cabecera Host.',
    'spec.rules[].to[].operation.ports': 'Puertos del pod.',
    'spec.rules[].when[].key': 'Qué se mira, por ejemplo `request.headers[x]` o `request.auth.claims[x]`.',
    'spec.rules[].when[].values': 'Valores que valen.',
    'spec.rules[].when[].notValues': 'Valores que no valen.',
  },
};
