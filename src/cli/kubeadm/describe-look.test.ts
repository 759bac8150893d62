import { expect, test } from 'vitest';
import { ownPlace } from '../../cluster/classroom/own-place.ts';
import type { Look } from '../../cluster/kubeadm/attach.ts';
import { parseKubeconfig } from '../../cluster/kubeadm/kubeconfig-document.ts';
import { pickContext } from '../../cluster/kubeadm/pick-context.ts';
import { describeJoining, describeLook } from './describe-look.ts';

const config = {
  'current-context': 'clase\u001b[2J',
  contexts: [{ name: 'clase\u001b[2J', context: { cluster: 'c', user: 'u' } }],
  clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443' } }],
  users: [{ name: 'u', user: { exec: { command: 'entrar' } } }],
};
const picked = pickContext(parseKubeconfig(Buffer.from(JSON.stringify(config)), '/k'));

function look(more: Partial<Look> = {}, survey: Partial<Look['survey']> = {}): Look {
  return {
    survey: {
      version: { state: 'supported', text: 'Kubernetes v1.34.4' },
      nodes: [],
      cni: { name: 'flannel', policies: false },
      balancers: 'pending',
      admission: { policies: [], webhooks: [], strict: [] },
      meshes: { istio: [], others: [] },
      rights: [{ verb: 'create', group: '', resource: 'secrets', allowed: false, purpose: 'x' }],
      production: [],
      unread: [],
      ...survey,
    },
    entry: { why: 'No hay pasarela.' },
    ...more,
  };
}

test('a look tells the network, the rights that are missing and the dangers that were agreed to', () => {
  const text = describeLook(picked, look());
  expect(text).toContain('flannel; no cumple NetworkPolicy');
  expect(text).toContain('faltan 1 de 1: create secrets');
  expect(text).toContain('MALLA-KCF-20 (aceptado)');
  expect(text).toContain('No hay pasarela. Si hace falta, Malla llevará un puerto');
});

test('the name of a context is text, whatever it would do to a terminal', () => {
  expect(describeLook(picked, look())).not.toContain('\u001b');
  expect(describeJoining(picked, look(), '/copia')).not.toContain('\u001b');
});

test('what may not be read is not made up', () => {
  const text = describeLook(picked, look({}, { unread: ['DaemonSet', 'Deployment'] }));
  expect(text).toMatch(/Red de pods: +tu usuario no puede mirarla/);
  expect(text).toMatch(/Malla: +tu usuario no puede mirarla/);
});

test('joining tells where the labs will go, and what is made on the cluster', () => {
  expect(describeJoining(picked, look(), '/copia')).toMatch(/no cambia nada todavía.*todo el clúster/s);
  const own = describeJoining(picked, look({ namespace: ownPlace.namespace, place: ownPlace }), '/copia');
  expect(own).toContain('crear en el clúster el espacio malla-practicas');
  expect(own).toContain('se quedarán en el espacio malla-practicas');
});
