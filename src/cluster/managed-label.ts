// What says on a cluster that Malla made an object: everything that Malla writes by itself carries it.

export const managedLabel = { 'app.kubernetes.io/managed-by': 'malla' } as const;
export const managedSelector = 'app.kubernetes.io/managed-by=malla';
