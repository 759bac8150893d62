// Typical mistakes about mutual TLS: how a healthy world is broken, what a request gets, and the first broken link.
import type { KubeObject } from '../mesh/objects.ts';
import { object } from './bookinfo.fixture.ts';
import { testRows } from './mistakes.fixture.ts';
import { httpbinWorld, of, ok, outside, peer, reset, row, strict, terminated, unmeshed } from './security.fixture.ts';

const tlsRule = (mode: string): KubeObject => ({
  ...object('networking.istio.io/v1', 'DestinationRule', 'httpbin', 'default'),
  spec: { host: 'httpbin', trafficPolicy: { tls: { mode } } },
});

testRows({
  'mutual TLS that should be asked for': [
    row('nobody asks', [], ok, outside, 'MALLA-MTL-01'),
    row(
      'in the client’s namespace',
      [peer(strict, 'fuera')],
      ok,
      outside,
      'MALLA-MTL-02',
      'PeerAuthentication default metadata.namespace',
    ),
    row(
      'a selector in the root namespace',
      [peer({ ...of('httpbin'), ...strict }, 'istio-system')],
      ok,
      outside,
      'MALLA-MTL-02',
    ),
    row(
      'the selector',
      [peer({ ...of('htpbin'), ...strict })],
      ok,
      outside,
      'MALLA-MTL-03',
      'PeerAuthentication default spec.selector.matchLabels',
    ),
    row(
      'the mode',
      [peer({ mtls: { mode: 'PERMISSIVE' } })],
      ok,
      outside,
      'MALLA-MTL-04',
      'PeerAuthentication default spec.mtls.mode',
    ),
    row('no mode', [peer({})], ok, outside, 'MALLA-MTL-04'),
    row(
      'an exception for the port',
      [peer({ ...of('httpbin'), ...strict, portLevelMtls: { '8080': { mode: 'PERMISSIVE' } } })],
      ok,
      outside,
      'MALLA-MTL-05',
      'PeerAuthentication default spec.portLevelMtls.8080.mode',
    ),
    row(
      'another one that is nearer',
      [peer(strict), peer({ ...of('httpbin'), mtls: { mode: 'DISABLE' } }, 'default', 'otra')],
      ok,
      outside,
      'MALLA-MTL-08',
      'PeerAuthentication otra spec.mtls.mode',
    ),
    row(
      'a server without sidecar',
      [peer(strict)],
      ok,
      outside,
      'MALLA-MTL-09',
      'Deployment httpbin',
      unmeshed(httpbinWorld()),
    ),
    row(
      'a client of the mesh',
      [peer(strict)],
      ok,
      { expected: { failure: 'reset' } },
      'MALLA-MTL-11',
      'Deployment curl',
    ),
  ],
  'mutual TLS that is in the way': [
    row(
      'a client without sidecar',
      [peer(strict)],
      reset,
      { from: 'fuera' },
      'MALLA-MTL-06',
      'PeerAuthentication default spec.mtls.mode',
    ),
    row(
      'an exception for the port of the Service',
      [
        peer(strict),
        peer(
          { ...of('httpbin'), ...strict, portLevelMtls: { '8000': { mode: 'PERMISSIVE' } } },
          'default',
          'excepcion',
        ),
      ],
      reset,
      { from: 'fuera' },
      'MALLA-MTL-12',
      'PeerAuthentication excepcion spec.portLevelMtls.8000',
    ),
    row(
      'an exception for nobody',
      [peer(strict), peer({ ...of('htpbin'), mtls: { mode: 'PERMISSIVE' } }, 'default', 'excepcion')],
      reset,
      { from: 'fuera' },
      'MALLA-MTL-03',
    ),
    row(
      'a DestinationRule that turns it off',
      [peer(strict), tlsRule('DISABLE')],
      terminated,
      {},
      'MALLA-MTL-07',
      'DestinationRule httpbin spec.trafficPolicy.tls',
    ),
    row(
      'a DestinationRule with TLS of the web',
      [peer(strict), tlsRule('SIMPLE')],
      terminated,
      {},
      'MALLA-MTL-13',
      'DestinationRule httpbin',
    ),
    row(
      'ISTIO_MUTUAL with a server without sidecar',
      [tlsRule('ISTIO_MUTUAL')],
      terminated,
      {},
      'MALLA-MTL-10',
      'DestinationRule httpbin',
      unmeshed(httpbinWorld()),
    ),
  ],
});
