// How a place of a class cluster is told from any other namespace.
export const placeLabel = 'malla.dev/aula';
export const studentLabel = 'malla.dev/alumno';

/** On the namespace: where its student comes in. */
export const placeAnnotations = {
  entry: 'malla.dev/entrada',
  secureEntry: 'malla.dev/entrada-segura',
  nodeHost: 'malla.dev/nodo',
} as const;

/** The value of the label `istio` that only this student's gateway has. */
export function gatewayLabel({ id }: { id: string }): string {
  return `ingressgateway-${id}`;
}
