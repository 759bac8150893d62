// For tests: a folder with Bookinfo, and the places of a text that a test marks.
import { bundledKinds } from './schema/bundled-kinds.ts';
import { indexLines, type Position } from './text.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

export const here = 'file:///here.yaml';

/** `│` is the cursor. */
export function marked(text: string): { text: string; position: Position } {
  const offset = text.indexOf('│');
  const plain = text.replace('│', '');
  return { text: plain, position: indexLines(plain).positionAt(offset) };
}

export function workspaceWith(files: Record<string, string>): Workspace {
  const workspace = createWorkspace(bundledKinds);
  for (const [uri, text] of Object.entries(files)) workspace.write(uri, text);
  return workspace;
}

const service = (name: string, port = 9080) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: ${port}
`;

const deployment = (app: string, version: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}-${version}
spec:
  template:
    metadata:
      labels:
        app: ${app}
        version: ${version}
`;

/** As the samples' files, in short. */
export const bookinfoYaml = [
  service('productpage'),
  service('reviews'),
  service('ratings'),
  deployment('productpage', 'v1'),
  ...['v1', 'v2', 'v3'].map((version) => deployment('reviews', version)),
  deployment('ratings', 'v1'),
].join('---\n');

export const gatewayYaml = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: bookinfo-gateway
spec:
  selector:
    istio: ingressgateway
  servers:
    - port:
        number: 80
        name: http
        protocol: HTTP
      hosts:
        - "*"
`;

export const subsetsYaml = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  subsets:
    - name: v1
      labels:
        version: v1
    - name: v2
      labels:
        version: v2
`;

export const canaryYaml = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
    - reviews
  http:
    - route:
        - destination:
            host: reviews
            subset: v1
          weight: 90
        - destination:
            host: reviews
            subset: v2
          weight: 10
`;

export function bookinfoFolder(text: string, more: Record<string, string> = {}): Workspace {
  return workspaceWith({
    'file:///bookinfo.yaml': bookinfoYaml,
    'file:///gateway.yaml': gatewayYaml,
    'file:///subsets.yaml': subsetsYaml,
    ...more,
    [here]: text,
  });
}
