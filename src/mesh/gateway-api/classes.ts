// GatewayClasses: which Gateways are Istio's, and what becomes of them.
import type { KubeObject } from '../objects.ts';
import { fields, text } from '../read.ts';
import { isOfGatewayApi } from './api.ts';

export const CONTROLLER = 'istio.io/gateway-controller';
export const UNMANAGED_CONTROLLER = 'istio.io/unmanaged-gateway';

/** The classes that istiod makes by itself once the CRDs are there. */
export const BUILT_IN_CLASSES = [
  { name: 'istio', controller: CONTROLLER, description: 'The default Istio GatewayClass' },
  {
    name: 'istio-remote',
    controller: UNMANAGED_CONTROLLER,
    description: 'Remote to this cluster. Does not deploy or affect configuration.',
  },
] as const;

/** The controller of a class; undefined: it is somebody else's. The built-in classes need no object. */
export function indexClasses(objects: readonly KubeObject[]): (name: string) => string | undefined {
  const controllers = new Map<string, string | undefined>(
    BUILT_IN_CLASSES.map(({ name, controller }) => [name, controller]),
  );
  for (const object of objects) {
    if (!isOfGatewayApi(object, 'GatewayClass')) continue;
    controllers.set(object.metadata.name, text(fields(object.spec).controllerName));
  }
  return (name) => {
    const controller = controllers.get(name);
    return controller === CONTROLLER || controller === UNMANAGED_CONTROLLER ? controller : undefined;
  };
}
