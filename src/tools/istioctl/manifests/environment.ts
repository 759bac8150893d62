// Environment variables of containers, as the charts write them.

export const plain = (name: string, value: string) => ({ name, value });

export const fromField = (name: string, fieldPath: string) => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

export const fromLimit = (name: string, resource: string) => ({
  name,
  valueFrom: { resourceFieldRef: { resource: `limits.${resource}`, divisor: '1' } },
});

export const tokenVolume = {
  name: 'istio-token',
  projected: {
    sources: [{ serviceAccountToken: { audience: 'istio-ca', expirationSeconds: 43200, path: 'istio-token' } }],
  },
};
