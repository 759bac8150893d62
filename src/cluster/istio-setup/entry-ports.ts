// Gives the ingress gateway that is there the NodePorts that Malla knows: whoever installed it let them be at random.
import type { KubeObject } from '../../mesh/objects.ts';
import { CodedError } from '../coded-error.ts';
import type { KubeClient } from '../contract.ts';
import { usualGateway } from '../entry/find-entry.ts';
import type { NodePorts } from './settings.ts';

interface ServicePort {
  name?: string;
  port: number;
  nodePort?: number;
}

/** False when it had them. Rejects with MALLA-IST-25 when there is no gateway, ClusterError when a port is taken. */
export async function pinEntryPorts(client: KubeClient, wanted: NodePorts): Promise<boolean> {
  const ref = { apiVersion: 'v1', kind: 'Service', ...usualGateway };
  const service = (await client.get(ref)) as KubeObject<{ ports?: ServicePort[] }> | undefined;
  const ports = service?.spec?.ports ?? [];
  const changes = ports.flatMap(({ port, nodePort }, i) => {
    const value = port === 80 ? wanted.plain : port === 443 ? wanted.secure : undefined;
    return value === undefined || value === nodePort ? [] : [{ op: 'add', path: `/spec/ports/${i}/nodePort`, value }];
  });
  if (!ports.some((p) => p.port === 80)) {
    throw new CodedError({
      code: 'MALLA-IST-25',
      happened: `No hay puerta de entrada: falta el Service ${usualGateway.namespace}/${usualGateway.name}, o no tiene el puerto 80.`,
      expected: 'Un Istio instalado con su ingress gateway (perfil default o demo).',
      todo: 'Instálalo con «malla istio instalar», o haz el laboratorio instalacion.',
    });
  }
  if (changes.length === 0) return false;
  await client.patch(ref, 'json', changes);
  return true;
}
