// Differences that stay, and why. In Spanish, for the page.

/** Full id of the behaviour → reason. */
export const accepted: Record<string, string> = {
  'vigilancias/desde una versión muy vieja': 'un clúster embebido recién hecho aún guarda toda su historia',
  'salud/métricas': 'el API embebido no tiene métricas propias',
  'otros-malos/un RoleBinding sin roleRef': 'se acepta y no da ningún permiso',
};
