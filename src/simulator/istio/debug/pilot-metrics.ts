// istiod's own metrics (port 15014, /metrics): of those that its dashboard shows, the ones that are known here.
import type { MeshFacts } from '../../mesh-facts.ts';
import { type ControlPlane, proxiesOf } from './control-plane.ts';

export function pilotMetrics(plane: ControlPlane): string {
  const { mesh, version } = plane;
  const tag = quoted(version);
  return [
    metric('istio_build', 'gauge', [[`{component="pilot",tag=${tag}}`, 1]]),
    metric('pilot_info', 'gauge', [[`{version=${tag}}`, 1]]),
    metric('pilot_xds', 'gauge', [[`{version=${tag}}`, proxiesOf(plane).length]]),
    ...(mesh ? ofMesh(mesh) : []),
  ].join('');
}

function ofMesh(mesh: MeshFacts): string[] {
  const { version, objects } = mesh.pushed();
  const count = (kind: string): number => objects.filter((object) => object.kind === kind).length;
  return [
    metric('pilot_services', 'gauge', [['', count('Service') + count('ServiceEntry')]]),
    metric('pilot_virt_services', 'gauge', [['', count('VirtualService')]]),
    metric('pilot_push_triggers', 'counter', [['{type="config"}', version]]),
  ];
}

function metric(name: string, type: string, samples: [labels: string, value: number][]): string {
  return `# TYPE ${name} ${type}\n${samples.map(([labels, value]) => `${name}${labels} ${value}\n`).join('')}`;
}

const quoted = (text: string): string => JSON.stringify(text);
