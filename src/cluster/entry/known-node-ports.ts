// The NodePorts that Malla gives the ingress gateway where it installs Istio itself, and that a kind cluster made by
// Malla publishes on this machine.

export const knownNodePorts = { plain: 31_380, secure: 31_390 } as const;
