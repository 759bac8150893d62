// Differences that stay, and why: what the embedded cluster does not do. In Spanish, for the page.

const joined =
  'el clúster embebido guarda una sola línea por cabecera: los valores de una cabecera repetida van unidos por comas';

/** Full id of the behaviour → reason. */
export const accepted: Record<string, string> = {
  'match-headers/repeated': joined,
  'headers/request': joined,
  'odd-requests/upgrade':
    'un WebSocket hacia un servicio que no lo habla recibe el mismo código, pero con dos cabeceras que Envoy no pone, y el registro no dice que el saludo falló',
};
