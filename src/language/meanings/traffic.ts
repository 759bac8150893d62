// DestinationRule, ServiceEntry, Sidecar and Telemetry.
export const trafficMeanings: Record<string, Record<string, string>> = {
  DestinationRule: {
    'spec.host': 'Servicio del que habla. Un nombre sin puntos es un Service de este espacio de nombres.',
    'spec.subsets': 'Versiones del servicio, cada una con las etiquetas de sus pods.',
    'spec.subsets[].name': 'Nombre por el que un VirtualService la pide en `destination.subset`.',
    'spec.subsets[].labels': 'Etiquetas que han de tener los pods de esta versión, además de las del Service.',
    'spec.subsets[].trafficPolicy':
      'Reglas de esta versión. Solo valen cuando un VirtualService lleva el tráfico a ella por su nombre.',
    'spec.trafficPolicy': 'Qué pasa al llamar al servicio: reparto entre pods, límites, expulsiones y TLS.',
    'spec.trafficPolicy.tls.mode':
      'DISABLE: sin cifrar. SIMPLE: TLS. MUTUAL: con certificado propio. ISTIO_MUTUAL: con el de la malla.',
  },
  ServiceEntry: {
    'spec.hosts': 'Nombres que se añaden a los que conoce la malla.',
    'spec.addresses': 'Direcciones IP por las que se reconoce en conexiones que no son HTTP.',
    'spec.ports': 'Puertos del servicio y su protocolo.',
    'spec.location': 'MESH_EXTERNAL: fuera de la malla. MESH_INTERNAL: dentro, con sidecar y mTLS.',
    'spec.resolution':
      'De dónde salen las direcciones: DNS, las de `endpoints` (STATIC) o las que traiga la conexión (NONE).',
    'spec.endpoints': 'Dónde está el servicio.',
    'spec.workloadSelector': 'Pods o WorkloadEntry que lo atienden.',
  },
  Sidecar: {
    'spec.egress': 'Qué servicios conoce el proxy de estos pods.',
    'spec.egress[].hosts': 'Como `espacio/servicio`: `./*` es su espacio de nombres, `*/*` todo.',
    'spec.ingress': 'Puertos por los que recibe, si no son los del Service.',
    'spec.outboundTrafficPolicy.mode': 'ALLOW_ANY: sale a cualquier sitio. REGISTRY_ONLY: solo a lo que conoce.',
  },
  Telemetry: {
    'spec.accessLogging': 'Qué peticiones se apuntan en el registro del proxy, y cómo.',
    'spec.accessLogging[].providers[].name': 'Dónde se apunta; `envoy` es la salida del propio proxy.',
    'spec.accessLogging[].disabled': 'Con true no se apunta nada.',
    'spec.metrics': 'Cambios en las métricas que da cada proxy.',
    'spec.tracing': 'Trazas: a quién se envían y de qué parte de las peticiones.',
    'spec.tracing[].randomSamplingPercentage': 'De qué parte de las peticiones se hace traza, de 0 a 100.',
  },
};
