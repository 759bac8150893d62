// Differences that stay, and why. In Spanish, for the page.

const metrics = 'el embebido mide lo que gastan sus pods; en el real no había metrics-server';

/** Full id of the behaviour → reason. */
export const accepted: Record<string, string> = {
  'formas/una tabla sin objetos':
    'en el real estaba Istio, que deja dos ConfigMaps más en cada espacio de nombres; el embebido lo trae cuando se instala',
  'parches/merge: un número donde va un texto':
    'enseña el objeto entero, y el orden de los dueños de sus campos depende del segundo en que escribió cada uno',
  'ssa-listas/un Deployment: de quién es cada campo':
    'el controlador del real ya había escrito el estado cuando se miró; el embebido lo escribe un momento después y en dos veces',
  'borrar-espacio/se va cuando nadie lo sujeta':
    'el embebido lo borra antes de que kubectl llegue a esperarlo, y entonces kubectl no escribe nada',
  'crd-objetos/varios fallos a la vez':
    'son los mismos fallos; el API real los dice en un orden al azar, que cambia de una vez a otra',
  'ordenes/explain':
    'las descripciones salen del cliente de Kubernetes, al que le faltan las de algunos campos que son otra estructura y las de los valores de una lista cerrada',
  'ordenes/top sin métricas': metrics,
  'despliegues/top pod': metrics,
};
