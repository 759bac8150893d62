// Whether a user may do what the labs need: asked to the cluster itself, one review for each right.
import type { KubeClient } from '../../contract.ts';

export interface Right {
  verb: string;
  group: string;
  /** `pods/exec` for a subresource. */
  resource: string;
  /** In which namespace; undefined: in all of them, or of the cluster. */
  namespace?: string;
}

export interface RightLine extends Right {
  allowed: boolean;
  /** What it is for, in Spanish. */
  purpose: string;
}

type Need = Omit<Right, 'namespace'> & { purpose: string };

const inNamespace: Need[] = [
  ...['get', 'list', 'watch', 'create', 'patch', 'delete'].map((verb) =>
    need(verb, 'apps', 'deployments', 'desplegar las aplicaciones'),
  ),
  ...['list', 'watch', 'delete'].map((verb) => need(verb, '', 'pods', 'ver los pods y quitarlos')),
  need('create', '', 'pods/exec', 'pedir desde un pod'),
  need('get', '', 'pods/log', 'leer registros'),
  need('create', '', 'pods/portforward', 'llevar un puerto a un pod'),
  ...['list', 'create', 'patch', 'delete'].map((verb) => need(verb, '', 'services', 'publicar servicios')),
  ...['list', 'create'].map((verb) => need(verb, '', 'configmaps', 'guardar configuración')),
  ...['create', 'delete'].map((verb) => need(verb, '', 'secrets', 'guardar certificados y tokens')),
  ...['list', 'watch', 'create', 'patch', 'delete'].flatMap((verb) => [
    need(verb, 'networking.istio.io', 'virtualservices', 'escribir rutas'),
    need(verb, 'security.istio.io', 'authorizationpolicies', 'escribir políticas'),
  ]),
  ...['gateways', 'destinationrules'].map((resource) =>
    need('create', 'networking.istio.io', resource, 'escribir rutas'),
  ),
  need('create', 'telemetry.istio.io', 'telemetries', 'encender registros y trazas'),
];

const ofCluster: Need[] = [
  ...['list', 'create', 'patch', 'delete'].map((verb) =>
    need(verb, '', 'namespaces', 'crear y etiquetar espacios de nombres'),
  ),
  need('list', '', 'nodes', 'mirar los nodos'),
  need('create', 'apiextensions.k8s.io', 'customresourcedefinitions', 'instalar Istio'),
  need('create', 'rbac.authorization.k8s.io', 'clusterroles', 'instalar Istio'),
  need('create', 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'instalar Istio'),
];

/** Of one namespace, or of the whole cluster when none is given. Rejects with ClusterError. */
export async function reviewRights(client: Pick<KubeClient, 'create'>, namespace?: string): Promise<RightLine[]> {
  const needs = namespace === undefined ? [...inNamespace, ...ofCluster] : inNamespace;
  return Promise.all(
    needs.map(async ({ purpose, ...right }) => {
      const asked: Right = { ...right, ...(namespace === undefined ? {} : { namespace }) };
      return { ...asked, purpose, allowed: await isAllowed(client, asked) };
    }),
  );
}

/** Rejects with ClusterError. */
export async function isAllowed(client: Pick<KubeClient, 'create'>, right: Right): Promise<boolean> {
  const [resource = '', subresource] = right.resource.split('/');
  const review = await client.create({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    // The server wants it empty.
    metadata: { name: '' },
    spec: {
      resourceAttributes: {
        verb: right.verb,
        group: right.group,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(right.namespace === undefined ? {} : { namespace: right.namespace }),
      },
    },
  });
  return (review.status as { allowed?: boolean } | undefined)?.allowed === true;
}

function need(verb: string, group: string, resource: string, purpose: string): Need {
  return { verb, group, resource, purpose };
}
