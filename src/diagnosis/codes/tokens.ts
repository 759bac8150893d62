import type { CatalogueEntry } from './entry.ts';

export const tokenCodes = {
  'MALLA-JWT-01': {
    title: 'Nadie comprueba los tokens',
    why: 'Sin una RequestAuthentication para el destino, su sidecar no mira los tokens: pasan buenos, malos y caducados.',
    cure: 'Crea una RequestAuthentication que se aplique al destino.',
  },
  'MALLA-JWT-02': {
    title: 'La RequestAuthentication está en otro espacio de nombres',
    why: 'Vale para los pods de su propio espacio de nombres; la de istio-system, para toda la malla.',
    cure: 'Ponla en el espacio de nombres de quien recibe la petición.',
  },
  'MALLA-JWT-03': {
    title: 'El selector de la RequestAuthentication no selecciona al destino',
    why: 'Las etiquetas del selector deben estar, todas e iguales, en los pods que reciben. Nadie avisa si no selecciona a ninguno.',
    cure: 'Compara el selector con «kubectl get pods --show-labels».',
  },
  'MALLA-JWT-04': {
    title: 'El emisor del token no es el de la regla',
    why: 'El campo iss del token y el issuer de la regla deben ser iguales, letra por letra: también la barra del final.',
    cure: 'Lee el iss del token (la segunda de sus tres partes, en base64) y compáralo con issuer.',
  },
  'MALLA-JWT-05': {
    title: 'Las claves de la regla no son las que firmaron el token',
    why: 'La firma se comprueba con la clave pública de jwks. Con otra, ningún token de ese emisor vale.',
    cure: 'Comprueba que jwks es la clave pública de quien firma, y que el kid del token está en ella.',
  },
  'MALLA-JWT-06': {
    title: 'El token es para otro destinatario',
    why: 'Con audiences, el campo aud del token debe tener alguno de esos nombres. Si no, la respuesta es 403, aunque el token sea bueno.',
    cure: 'Lee el aud del token y compáralo con audiences.',
  },
  'MALLA-JWT-07': {
    title: 'El token no está en vigor',
    why: 'Un token vale desde su nbf hasta su exp. Caducado no vale, por buena que sea su firma.',
    cure: 'Pide un token nuevo, o usa el que dice el paso.',
  },
  'MALLA-JWT-08': {
    title: 'El token se busca en otro sitio',
    why: 'Con fromHeaders, fromParams o fromCookies la regla ya no mira «Authorization: Bearer»: un token que va ahí no se ve.',
    cure: 'Quita esos campos, o envía el token donde dicen.',
  },
  'MALLA-JWT-09': {
    title: 'Ninguna política exige el token',
    why: 'RequestAuthentication rechaza los tokens malos, pero deja pasar a quien no trae ninguno. Exigirlo es cosa de una AuthorizationPolicy.',
    cure: 'Añade una AuthorizationPolicy que pida una identidad de token (requestPrincipals).',
  },
  'MALLA-JWT-10': {
    title: 'Lo que se envía no es un token bien formado',
    why: 'Un JWT son tres partes separadas por puntos, en base64url. Al copiarlo se pierde con facilidad un trozo.',
    cure: 'Copia el token entero, en una sola línea.',
  },
  'MALLA-JWT-11': {
    title: 'La identidad del token está mal escrita en la política',
    why: 'Un requestPrincipal es «emisor/sujeto»: el iss del token, una barra y su sub. Con un asterisco al principio o al final vale cualquiera.',
    cure: 'Compara el valor con el iss y el sub del token.',
  },
  'MALLA-JWT-12': {
    title: 'Las claves no se pueden usar',
    why: 'istiod no ha podido leer jwks, o descargar jwksUri, y los proxies tienen una clave que no vale para nadie.',
    cure: 'Comprueba que jwks es JSON con una lista keys, o que jwksUri se puede descargar desde el clúster.',
  },
  'MALLA-JWT-13': {
    title: 'El token no cumple la condición de la política',
    why: 'Una condición request.auth.claims[campo] compara el campo del token con los valores, letra por letra.',
    cure: 'Lee los campos del token y compáralos con la clave y los valores de la condición.',
  },
  'MALLA-JWT-14': {
    title: 'La política pide un token que nadie comprueba',
    why: 'Las identidades de token solo existen si una RequestAuthentication comprueba el token en ese mismo destino. Sin ella, la política no las ve nunca.',
    cure: 'Crea la RequestAuthentication, o haz que se aplique al mismo destino que la política.',
  },
  'MALLA-JWT-15': {
    title: 'La petición no lleva token y la política lo exige',
    why: 'Sin token no hay identidad de token, y la regla pide una.',
    cure: 'Si este camino debe quedar libre, añade una regla que no pida token; si no, envíalo.',
  },
} satisfies Record<string, CatalogueEntry>;
