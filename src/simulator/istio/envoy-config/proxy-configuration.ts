// Everything that Envoy runs in one proxy, made from the pushed configuration when somebody asks to see it.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { PushedMesh } from '../../mesh-facts.ts';
import { clustersOf } from './clusters.ts';
import { endpointsOf } from './endpoints.ts';
import type { Json } from './json.ts';
import { listenersOf } from './listeners.ts';
import { routesOf } from './routes.ts';
import { type Scene, sceneOf } from './scene.ts';

export interface ProxyConfiguration {
  scene: Scene;
  clusters: Json[];
  /** In the order of the clusters. */
  endpoints: Json[];
  listeners: Json[];
  routes: Json[];
}

export function proxyConfiguration(pod: KubeObject, role: Scene['role'], mesh: PushedMesh): ProxyConfiguration {
  const scene = sceneOf(pod, role, mesh);
  const clusters = clustersOf(scene);
  const listeners = listenersOf(scene);
  return { scene, clusters, listeners, endpoints: endpointsOf(scene, clusters), routes: routesOf(scene, listeners) };
}
