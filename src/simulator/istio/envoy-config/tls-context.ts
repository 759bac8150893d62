// TLS contexts: mutual TLS of Istio and what a DestinationRule asks for.
import type { UpstreamTls } from '../../../mesh/decision.ts';
import { type Json, TYPE } from './json.ts';

/** Where a proxy gets a certificate: from its own agent, over a socket. */
export function secretSource(name: string, cluster = 'sds-grpc'): Json {
  return {
    name,
    sds_config: {
      api_config_source: {
        api_type: 'GRPC',
        grpc_services: [{ envoy_grpc: { cluster_name: cluster } }],
        set_node_on_first_message_only: true,
        transport_api_version: 'V3',
      },
      initial_fetch_timeout: '0s',
      resource_api_version: 'V3',
    },
  };
}

const VERSIONS = { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' };
const CIPHERS = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
];

/** What a server sidecar asks of mutual TLS. */
export function inboundTls(trustDomain: string): Json {
  return downstream({
    common_tls_context: {
      tls_params: { ...VERSIONS, cipher_suites: CIPHERS },
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificate_sds_secret_configs: [secretSource('default')],
      combined_validation_context: {
        default_validation_context: { match_subject_alt_names: [{ prefix: `${trustDomain}/` }] },
        validation_context_sds_secret_config: secretSource('ROOTCA'),
      },
    },
    require_client_certificate: true,
  });
}

export function downstream(config: Json): Json {
  return tlsSocket('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', config);
}

/** Istio's mutual TLS towards the identities that may serve a Service. */
export function istioMutual(sni: string, identities: readonly string[], http2: boolean): Json {
  return tlsSocket('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    common_tls_context: {
      tls_params: VERSIONS,
      alpn_protocols: http2 ? ['istio', 'h2'] : ['istio'],
      tls_certificate_sds_secret_configs: [secretSource('default')],
      combined_validation_context: {
        default_validation_context: {
          ...(identities.length > 0 && { match_subject_alt_names: identities.map((exact) => ({ exact })) }),
        },
        validation_context_sds_secret_config: secretSource('ROOTCA'),
      },
    },
    sni,
  });
}

/** TLS begun by the proxy, as modes SIMPLE and MUTUAL ask. */
export function upstreamTls({ sni, credentialName, insecureSkipVerify }: UpstreamTls): Json {
  const validation =
    credentialName && !insecureSkipVerify
      ? {
          combined_validation_context: {
            default_validation_context: {},
            validation_context_sds_secret_config: secretSource(`kubernetes://${credentialName}-cacert`),
          },
        }
      : {};
  return tlsSocket('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    common_tls_context: {
      ...(credentialName && { tls_certificate_sds_secret_configs: [secretSource(`kubernetes://${credentialName}`)] }),
      ...validation,
    },
    ...(sni && { sni }),
  });
}

/** Auto mutual TLS: encrypted to endpoints that have a sidecar, plain to the others. */
export function autoMutual(socket: Json): Json[] {
  return [
    { name: 'tlsMode-istio', match: { tlsMode: 'istio' }, transport_socket: socket },
    {
      name: 'tlsMode-disabled',
      match: {},
      transport_socket: {
        name: 'envoy.transport_sockets.raw_buffer',
        typed_config: { '@type': `${TYPE}envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer` },
      },
    },
  ];
}

function tlsSocket(type: string, config: Json): Json {
  return { name: 'envoy.transport_sockets.tls', typed_config: { '@type': TYPE + type, ...config } };
}
