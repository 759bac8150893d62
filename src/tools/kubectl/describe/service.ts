import type { KubeObject } from '../../../mesh/objects.ts';
import { pathOf } from '../discovery.ts';
import type { Session } from '../session.ts';
import { annotationLines, labelLines, Page, pairText } from './page.ts';

interface ServiceSpec {
  selector?: Record<string, string>;
  type?: string;
  ipFamilyPolicy?: string;
  ipFamilies?: string[];
  clusterIP?: string;
  clusterIPs?: string[];
  externalName?: string;
  ports?: { name?: string; port: number; protocol?: string; targetPort?: number | string; nodePort?: number }[];
  sessionAffinity?: string;
  externalTrafficPolicy?: string;
  internalTrafficPolicy?: string;
}

interface SliceFields {
  ports?: { name?: string; port?: number }[];
  endpoints?: { addresses?: string[]; conditions?: { ready?: boolean } }[];
}

export async function describeService(service: KubeObject, session: Session): Promise<Page> {
  const page = new Page();
  const spec = (service.spec ?? {}) as ServiceSpec;
  const { name, namespace = '', labels, annotations } = service.metadata;
  page.field(0, 'Name', name);
  page.field(0, 'Namespace', namespace);
  page.list(0, 'Labels', labelLines(labels));
  page.list(0, 'Annotations', annotationLines(annotations));
  page.field(0, 'Selector', pairText(spec.selector));
  page.field(0, 'Type', spec.type ?? '');
  if (spec.ipFamilyPolicy) page.field(0, 'IP Family Policy', spec.ipFamilyPolicy);
  if (spec.ipFamilies?.length) page.field(0, 'IP Families', spec.ipFamilies.join(','));
  page.field(0, 'IP', spec.clusterIP ?? '');
  if (spec.clusterIPs?.length) page.field(0, 'IPs', spec.clusterIPs.join(','));
  if (spec.externalName) page.field(0, 'External Name', spec.externalName);
  const slices = await slicesOf(service, session);
  for (const port of spec.ports ?? []) {
    const protocol = port.protocol ?? 'TCP';
    const label = port.name || '<unset>';
    page.field(0, 'Port', `${label}\t${port.port}/${protocol}`);
    page.field(0, 'TargetPort', `${port.targetPort ?? port.port}/${protocol}`);
    if (port.nodePort) page.field(0, 'NodePort', `${label}\t${port.nodePort}/${protocol}`);
    page.field(0, 'Endpoints', endpointText(slices, port.name ?? ''));
  }
  page.field(0, 'Session Affinity', spec.sessionAffinity ?? '');
  if (spec.externalTrafficPolicy) page.field(0, 'External Traffic Policy', spec.externalTrafficPolicy);
  if (spec.internalTrafficPolicy) page.field(0, 'Internal Traffic Policy', spec.internalTrafficPolicy);
  return page;
}

async function slicesOf({ metadata }: KubeObject, { api, discovery }: Session): Promise<SliceFields[]> {
  const resource = await discovery.named('endpointslices.discovery.k8s.io');
  const query = { labelSelector: `kubernetes.io/service-name=${metadata.name}` };
  const { items = [] } = await api.json<{ items?: SliceFields[] }>({
    path: pathOf(resource, metadata.namespace),
    query,
  });
  return items;
}

function endpointText(slices: SliceFields[], portName: string): string {
  const all = slices.flatMap(({ ports = [], endpoints = [] }) => {
    const port = ports.find((p) => (p.name ?? '') === portName)?.port;
    if (port === undefined) return [];
    return endpoints
      .filter((e) => e.conditions?.ready !== false)
      .flatMap((e) => (e.addresses ?? []).map((a) => `${a}:${port}`));
  });
  const shown = all.slice(0, 3).join(',');
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown;
}
