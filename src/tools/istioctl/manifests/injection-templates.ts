// What a real istiod evaluates when it injects, in Go's template language: the same outcome as inject/sidecar.ts and
// inject/gateway.ts, for the settings that this installer offers. istiod refuses to start without it.

const canonical = `service.istio.io/canonical-name: {{ index .ObjectMeta.Labels "service.istio.io/canonical-name" | default (index .ObjectMeta.Labels "app.kubernetes.io/name") | default (index .ObjectMeta.Labels "app") | default .DeploymentMeta.Name | trunc 63 | trimAll "-_." | quote }}
    service.istio.io/canonical-revision: {{ index .ObjectMeta.Labels "service.istio.io/canonical-revision" | default (index .ObjectMeta.Labels "app.kubernetes.io/version") | default (index .ObjectMeta.Labels "version") | default "latest" | quote }}`;

const applications = `{{- $apps := list }}
{{- range .Spec.Containers }}{{ if ne .Name "istio-proxy" }}{{ $apps = append $apps .Name }}{{ end }}{{ end }}`;

const annotations = `istio.io/rev: {{ .Revision | default "default" | quote }}
    {{- if $apps }}
    {{- range $name := list "kubectl.kubernetes.io/default-container" "kubectl.kubernetes.io/default-logs-container" }}
    {{- if not (isset $.ObjectMeta.Annotations $name) }}
    {{ $name }}: {{ index $apps 0 | quote }}
    {{- end }}
    {{- end }}
    {{- end }}`;

const image = (name: string, value: string) =>
  `{{- $wished := annotation .ObjectMeta "sidecar.istio.io/proxyImage" ${value} }}
    image: {{ if contains "/" $wished }}{{ $wished | quote }}{{ else }}{{ .${name} | quote }}{{ end }}
    {{- with .Values.global.imagePullPolicy }}
    imagePullPolicy: {{ . | quote }}
    {{- end }}`;

const logs = `- --proxyLogLevel={{ annotation .ObjectMeta "sidecar.istio.io/logLevel" .Values.global.proxy.logLevel }}
    - --proxyComponentLogLevel={{ annotation .ObjectMeta "sidecar.istio.io/componentLogLevel" .Values.global.proxy.componentLogLevel }}
    - --log_output_level={{ annotation .ObjectMeta "sidecar.istio.io/agentLogLevel" .Values.global.logging.level }}`;

const field = (name: string, path: string) => `- name: ${name}
      valueFrom: {fieldRef: {fieldPath: ${path}}}`;
const limit = (name: string, resource: string) => `- name: ${name}
      valueFrom: {resourceFieldRef: {resource: limits.${resource}, divisor: "1"}}`;

const environment = `env:
    - name: PILOT_CERT_PROVIDER
      value: istiod
    - name: CA_ADDR
      value: {{ .Values.global.caAddress | default (printf "istiod.%s.svc:15012" .Values.global.istioNamespace) }}
    ${field('POD_NAME', 'metadata.name')}
    ${field('POD_NAMESPACE', 'metadata.namespace')}
    ${field('INSTANCE_IP', 'status.podIP')}
    ${field('SERVICE_ACCOUNT', 'spec.serviceAccountName')}
    ${field('HOST_IP', 'status.hostIP')}
    ${limit('ISTIO_CPU_LIMIT', 'cpu')}
    - name: PROXY_CONFIG
      value: |
        {{ protoToJSON .ProxyConfig }}
    - name: ISTIO_META_POD_PORTS
      value: |-
        [
        {{- $first := true }}
        {{- range .Spec.Containers }}{{ range .Ports }}{{ with structToJSON . }}
            {{ if not $first }},{{ end }}{{ . }}{{ $first = false }}
        {{- end }}{{ end }}{{ end }}
        ]
    - name: ISTIO_META_APP_CONTAINERS
      value: {{ $apps | join "," | quote }}
    ${limit('GOMEMLIMIT', 'memory')}
    ${limit('GOMAXPROCS', 'cpu')}
    - name: ISTIO_META_CLUSTER_ID
      value: {{ valueOrDefault .Values.global.multiCluster.clusterName "Kubernetes" | quote }}
    ${field('ISTIO_META_NODE_NAME', 'spec.nodeName')}
    - name: ISTIO_META_INTERCEPTION_MODE
      value: {{ annotation .ObjectMeta "sidecar.istio.io/interceptionMode" .ProxyConfig.InterceptionMode | quote }}
    {{- with .DeploymentMeta.Name }}
    - name: ISTIO_META_WORKLOAD_NAME
      value: {{ . | quote }}
    - name: ISTIO_META_OWNER
      value: kubernetes://apis/{{ $.TypeMeta.APIVersion }}/namespaces/{{ valueOrDefault $.DeploymentMeta.Namespace "default" }}/{{ toLower $.TypeMeta.Kind }}s/{{ . }}
    {{- end }}
    - name: ISTIO_META_MESH_ID
      value: {{ .MeshConfig.TrustDomain | quote }}
    - name: TRUST_DOMAIN
      value: {{ .MeshConfig.TrustDomain | quote }}
    {{- range $name, $value := .ProxyConfig.ProxyMetadata }}
    - name: {{ $name }}
      value: {{ $value | quote }}
    {{- end }}`;

const readiness = `readinessProbe:
      httpGet: {path: /healthz/ready, port: 15021}
      initialDelaySeconds: {{ annotation .ObjectMeta "readiness.status.sidecar.istio.io/initialDelaySeconds" .Values.global.proxy.readinessInitialDelaySeconds }}
      periodSeconds: {{ annotation .ObjectMeta "readiness.status.sidecar.istio.io/periodSeconds" .Values.global.proxy.readinessPeriodSeconds }}
      timeoutSeconds: 3
      failureThreshold: {{ annotation .ObjectMeta "readiness.status.sidecar.istio.io/failureThreshold" .Values.global.proxy.readinessFailureThreshold }}`;

const mounts = (crl: boolean) => `volumeMounts:
    - {name: workload-socket, mountPath: /var/run/secrets/workload-spiffe-uds}
    - {name: credential-socket, mountPath: /var/run/secrets/credential-uds}
    - {name: workload-certs, mountPath: /var/run/secrets/workload-spiffe-credentials}
    - {name: istiod-ca-cert, mountPath: /var/run/secrets/istio}
${crl ? '    - {name: istio-ca-crl, mountPath: /var/run/secrets/istio/crl}\n' : ''}    - {name: istio-data, mountPath: /var/lib/istio/data}
    - {name: istio-envoy, mountPath: /etc/istio/proxy}
    - {name: istio-token, mountPath: /var/run/secrets/tokens}
    - {name: istio-podinfo, mountPath: /etc/istio/pod}`;

const volumes = (crl: boolean) => `volumes:
  - {name: workload-socket, emptyDir: {}}
  - {name: credential-socket, emptyDir: {}}
  - {name: workload-certs, emptyDir: {}}
  - {name: istio-envoy, emptyDir: {medium: Memory}}
  - {name: istio-data, emptyDir: {}}
  - name: istio-podinfo
    downwardAPI:
      items:
      - {path: labels, fieldRef: {fieldPath: metadata.labels}}
      - {path: annotations, fieldRef: {fieldPath: metadata.annotations}}
  - name: istio-token
    projected:
      sources:
      - serviceAccountToken: {path: istio-token, expirationSeconds: 43200, audience: {{ .Values.global.sds.token.aud }}}
  - {name: istiod-ca-cert, configMap: {name: istio-ca-root-cert}}
${crl ? '  - {name: istio-ca-crl, configMap: {name: istio-ca-crl, optional: true}}\n' : ''}  {{- if .Values.global.imagePullSecrets }}
  imagePullSecrets:
  {{- range .Values.global.imagePullSecrets }}
  - name: {{ . }}
  {{- end }}
  {{- end }}`;

const wished = (name: string) => `(index .ObjectMeta.Annotations "sidecar.istio.io/${name}")`;
const resources = `{{- define "proxyResources" }}
    {{- if or ${wished('proxyCPU')} ${wished('proxyMemory')} ${wished('proxyCPULimit')} ${wished('proxyMemoryLimit')} }}
    resources:
      requests:
        {{- with ${wished('proxyCPU')} }}
        cpu: {{ . | quote }}
        {{- end }}
        {{- with ${wished('proxyMemory')} }}
        memory: {{ . | quote }}
        {{- end }}
      limits:
        {{- with ${wished('proxyCPULimit')} }}
        cpu: {{ . | quote }}
        {{- end }}
        {{- with ${wished('proxyMemoryLimit')} }}
        memory: {{ . | quote }}
        {{- end }}
    {{- else }}
    resources:
      {{ toYaml .Values.global.proxy.resources | indent 6 }}
    {{- end }}
{{- end }}`;

const traffic = (flag: string, name: 'includeOutboundIPRanges' | 'excludeOutboundIPRanges') =>
  `- -${flag}
    - {{ annotation .ObjectMeta "traffic.sidecar.istio.io/${name}" .Values.global.proxy.${name.replace('Outbound', '')} | quote }}`;

const sidecar = `${resources}
{{- $native := ne (index .ObjectMeta.Annotations "sidecar.istio.io/nativeSidecar" | default (printf "%t" .NativeSidecars)) "false" }}
${applications}
metadata:
  labels:
    security.istio.io/tlsMode: {{ index .ObjectMeta.Labels "security.istio.io/tlsMode" | default "istio" | quote }}
    ${canonical}
  annotations:
    ${annotations}
spec:
  initContainers:
  - name: istio-init
    ${image('ProxyInitImage', '.Values.global.proxy_init.image')}
    args:
    - istio-iptables
    - -p
    - "15001"
    - -z
    - "15006"
    - -u
    - "1337"
    - -m
    - {{ annotation .ObjectMeta "sidecar.istio.io/interceptionMode" .ProxyConfig.InterceptionMode | quote }}
    ${traffic('i', 'includeOutboundIPRanges')}
    ${traffic('x', 'excludeOutboundIPRanges')}
    - -b
    - {{ annotation .ObjectMeta "traffic.sidecar.istio.io/includeInboundPorts" .Values.global.proxy.includeInboundPorts | quote }}
    - -d
    - "15090,15021,{{ excludeInboundPort (annotation .ObjectMeta "status.sidecar.istio.io/port" .Values.global.proxy.statusPort) (annotation .ObjectMeta "traffic.sidecar.istio.io/excludeInboundPorts" .Values.global.proxy.excludeInboundPorts) }}"
    {{- with index .ObjectMeta.Annotations "traffic.sidecar.istio.io/includeOutboundPorts" }}
    - -q
    - {{ . | quote }}
    {{- end }}
    {{- with index .ObjectMeta.Annotations "traffic.sidecar.istio.io/excludeOutboundPorts" }}
    - -o
    - {{ . | quote }}
    {{- end }}
    - --log_output_level={{ annotation .ObjectMeta "sidecar.istio.io/agentLogLevel" .Values.global.logging.level }}
    {{- template "proxyResources" . }}
    securityContext:
      allowPrivilegeEscalation: {{ .Values.global.proxy.privileged }}
      privileged: {{ .Values.global.proxy.privileged }}
      capabilities: {add: [NET_ADMIN, NET_RAW], drop: [ALL]}
      readOnlyRootFilesystem: false
      runAsGroup: 0
      runAsNonRoot: false
      runAsUser: 0
  {{- if not $native }}
  containers:
  {{- end }}
  - name: istio-proxy
    {{- if $native }}
    restartPolicy: Always
    lifecycle:
      preStop:
        exec:
          command: [pilot-agent, request, "--debug-port={{ annotation .ObjectMeta "status.sidecar.istio.io/port" .Values.global.proxy.statusPort }}", POST, drain]
    {{- end }}
    ${image('ProxyImage', '.Values.global.proxy.image')}
    ports:
    - {containerPort: 15090, protocol: TCP, name: http-envoy-prom}
    args:
    - proxy
    - sidecar
    - --domain
    - $(POD_NAMESPACE).svc.{{ .Values.global.proxy.clusterDomain }}
    ${logs}
    ${environment}
    startupProbe:
      httpGet: {path: /healthz/ready, port: 15021}
      periodSeconds: 1
      timeoutSeconds: 3
      failureThreshold: {{ .Values.global.proxy.startupProbe.failureThreshold }}
    ${readiness}
    {{- template "proxyResources" . }}
    securityContext:
      allowPrivilegeEscalation: {{ .Values.global.proxy.privileged }}
      privileged: {{ .Values.global.proxy.privileged }}
      capabilities: {drop: [ALL]}
      readOnlyRootFilesystem: true
      runAsGroup: {{ .ProxyGID | default "1337" }}
      runAsNonRoot: true
      runAsUser: {{ .ProxyUID | default "1337" }}
    ${mounts(true)}
  ${volumes(true)}
`;

const gateway = `${applications}
metadata:
  labels:
    ${canonical}
  annotations:
    ${annotations}
spec:
  securityContext:
    sysctls:
    - {name: net.ipv4.ip_unprivileged_port_start, value: "0"}
  containers:
  - name: istio-proxy
    ${image('ProxyImage', '.Values.global.proxy.image')}
    ports:
    - {containerPort: 15090, protocol: TCP, name: http-envoy-prom}
    args:
    - proxy
    - router
    - --domain
    - $(POD_NAMESPACE).svc.{{ .Values.global.proxy.clusterDomain }}
    ${logs}
    securityContext:
      runAsUser: {{ .ProxyUID | default "1337" }}
      runAsGroup: {{ .ProxyGID | default "1337" }}
    ${environment}
    ${readiness}
    ${mounts(false)}
  ${volumes(false)}
`;

export const injectionTemplates = { sidecar, gateway };
