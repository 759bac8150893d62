import type { KubeObject } from '../../../mesh/objects.ts';

export function autoscaler(name: string, namespace: string, labels: Record<string, string>): KubeObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace, labels },
    spec: {
      maxReplicas: 5,
      minReplicas: 1,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 80, type: 'Utilization' } } },
      ],
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    },
  };
}
