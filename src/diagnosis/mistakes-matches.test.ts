// Typical mistakes in the conditions of a rule: how a healthy world is broken, what is seen, and the first broken link.
import { agent, byAgent, iPhone, jason, request, reviews, split, user, v } from './behaviour.fixture.ts';
import { virtualService } from './bookinfo.fixture.ts';
import { answer, testRows, withRules } from './mistakes.fixture.ts';

testRows({
  'matches of headers': [
    {
      mistake: 'a regex that matches only a part',
      world: reviews({ ...agent({ regex: 'iPhone' }), ...v('v2') }, v('v1')),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-22',
      at: 'VirtualService reviews spec.http[0].match[0].headers.user-agent',
    },
    {
      mistake: 'exact with wildcards',
      world: reviews({ ...agent({ exact: '.*iPhone.*' }), ...v('v2') }, v('v1')),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-22',
    },
    {
      mistake: 'a prefix that is in the middle',
      world: reviews({ ...agent({ prefix: 'iPhone' }), ...v('v2') }, v('v1')),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-22',
    },
    {
      mistake: 'the catch-all first',
      world: reviews(v('v1'), { ...agent({ regex: '.*iPhone.*' }), ...v('v2') }),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-09',
      at: 'VirtualService reviews spec.http[0]',
    },
    {
      mistake: 'a more general rule first',
      world: reviews({ ...agent({ regex: '.*iPhone.*' }), ...v('v2') }, { ...user('end-user'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { headers: { 'User-Agent': iPhone }, session: jason }),
      code: 'MALLA-RUT-21',
      at: 'VirtualService reviews spec.http[0].match',
    },
    {
      mistake: 'a header with another name',
      world: reviews({ ...user('end_user'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { session: jason }),
      code: 'MALLA-RUT-23',
      at: 'VirtualService reviews spec.http[0].match[0].headers.end_user',
    },
    {
      mistake: 'a value with other capitals',
      world: reviews({ ...user('end-user', 'Jason'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { session: jason }),
      code: 'MALLA-RUT-23',
    },
    {
      mistake: 'a header that productpage does not hand on',
      world: reviews({ ...user('version-app', 'v2'), ...v('v2') }, v('v1')),
      symptom: split({ v2: 1 }, { headers: { 'version-app': 'v2' } }),
      code: 'MALLA-RUT-24',
      at: 'VirtualService reviews spec.http[0].match[0].headers.version-app',
    },
    {
      mistake: 'end-user written by the client, which productpage drops',
      world: reviews({ ...user('end-user'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { headers: { 'end-user': 'jason' } }),
      code: 'MALLA-RUT-24',
    },
    {
      mistake: 'conditions in two entries, of which one is enough',
      world: withRules(
        virtualService(
          'entrada',
          ['*'],
          [
            { match: [{ uri: { prefix: '/reviews' } }, { headers: { 'version-app': { exact: 'v1' } } }], ...v('v1') },
            { match: [{ uri: { prefix: '/reviews' }, headers: { 'version-app': { exact: 'v2' } } }], ...v('v2') },
          ],
          { gateways: ['bookinfo-gateway'] },
        ),
      ),
      symptom: split({ v2: 1 }, { path: '/reviews/0', headers: { 'version-app': 'v2' } }),
      code: 'MALLA-RUT-26',
      at: 'VirtualService entrada spec.http[0].match',
    },
    {
      mistake: 'a header of another name at the gateway',
      world: withRules(
        virtualService(
          'entrada',
          ['*'],
          [{ match: [{ uri: { prefix: '/reviews' }, headers: { version_app: { exact: 'v1' } } }], ...v('v1') }],
          { gateways: ['bookinfo-gateway'] },
        ),
      ),
      symptom: request({ path: '/reviews/0', headers: { 'version-app': 'v1' } }, { answer: answer(404) }),
      code: 'MALLA-RUT-23',
      at: 'VirtualService entrada spec.http[0].match[0].headers.version_app',
    },
  ],
});
