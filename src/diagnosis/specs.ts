// The fields of each kind that a diagnosis reads. All optional: objects come from a cluster as they are.

export interface PodSpec {
  serviceAccountName?: string;
  nodeName?: string;
  hostNetwork?: boolean;
  containers?: ContainerSpec[];
  initContainers?: ContainerSpec[];
}

export interface ContainerSpec {
  name?: string;
  image?: string;
  ports?: { name?: string; containerPort?: number }[];
}

export interface PodStatus {
  phase?: string;
  podIP?: string;
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface ContainerStatus {
  name: string;
  image?: string;
  restartCount?: number;
  state?: { waiting?: { reason?: string; message?: string }; terminated?: { exitCode?: number } };
  lastState?: { terminated?: { exitCode?: number } };
}

export interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  selector?: Record<string, string>;
  ports?: ServicePort[];
}

export interface ServicePort {
  name?: string;
  port?: number;
  targetPort?: number | string;
  nodePort?: number;
}

export interface DeploymentSpec {
  replicas?: number;
  selector?: { matchLabels?: Record<string, string> };
  template?: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec?: PodSpec;
  };
}

export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  conditions?: Condition[];
}

export interface GatewaySpec {
  selector?: Record<string, string>;
  servers?: GatewayServerSpec[];
}

export interface GatewayServerSpec {
  port?: { number?: number; name?: string; protocol?: string };
  hosts?: string[];
  tls?: { mode?: string; credentialName?: string; httpsRedirect?: boolean };
}

export interface VirtualServiceSpec {
  hosts?: string[];
  gateways?: string[];
  http?: HttpRule[];
}

export interface HttpRule {
  name?: string;
  match?: { gateways?: string[]; uri?: Record<string, string>; headers?: Record<string, Record<string, string>> }[];
  route?: RouteDestination[];
  fault?: FaultSpec;
  /** `0.5s`. */
  timeout?: string;
  retries?: { attempts?: number; perTryTimeout?: string; retryOn?: string };
}

export interface FaultSpec {
  delay?: { fixedDelay?: string; percentage?: { value?: number }; percent?: number };
  abort?: { httpStatus?: number; percentage?: { value?: number } };
}

export interface RouteDestination {
  destination?: Destination;
  weight?: number;
}

export interface Destination {
  host?: string;
  subset?: string;
  port?: { number?: number };
}

export interface DestinationRuleSpec {
  host?: string;
  subsets?: { name?: string; labels?: Record<string, string>; trafficPolicy?: TrafficPolicySpec }[];
  trafficPolicy?: TrafficPolicySpec;
}

export interface TrafficPolicySpec {
  loadBalancer?: { consistentHash?: unknown };
}
