import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadLabs } from '../load.ts';
import { madeBy } from '../made/made-by.ts';
import { labsIn, whyNotIn } from './fits.ts';
import { inPlace, type Place } from './place.ts';

const place: Place = { namespace: 'aula-ana', gateway: 'ingressgateway-ana' };
const root = join(import.meta.dirname, '../../..');

describe('the namespace of the application', () => {
  test.each([
    ['  namespace: default', '  namespace: aula-ana'],
    ['  desde: {espacio: default, selector: app=curl}', '  desde: {espacio: aula-ana, selector: app=curl}'],
    ['kubectl get pods -n default', 'kubectl get pods -n aula-ana'],
    ['url: http://httpbin.default:8000/headers', 'url: http://httpbin.aula-ana:8000/headers'],
    [
      "host in ['ratings', 'ratings.default.svc.cluster.local']",
      "host in ['ratings', 'ratings.aula-ana.svc.cluster.local']",
    ],
    ['principals: ["cluster.local/ns/default/sa/curl"]', 'principals: ["cluster.local/ns/aula-ana/sa/curl"]'],
    ['Como el espacio `default` tiene la inyección activada', 'Como el espacio `aula-ana` tiene la inyección activada'],
    ['| de qué espacio de nombres viene | `default` |', '| de qué espacio de nombres viene | `aula-ana` |'],
    ['(VirtualService default/reviews) Referenced', '(VirtualService aula-ana/reviews) Referenced'],
    ['policy[ns[default]-policy[sin-api]-rule[0]]', 'policy[ns[aula-ana]-policy[sin-api]-rule[0]]'],
  ])('«%s» becomes «%s»', (written, expected) => {
    expect(inPlace(written, place)).toBe(expected);
  });

  test.each([
    'istioctl install --set profile=default -y',
    'El perfil `demo` lo trae; los perfiles `default` y `minimal`, no',
    '  name: default',
    'containerd config default > /etc/containerd/config.toml',
    'Es el secreto `default` del sidecar',
    '  default.conf: |',
    '| SNI y ruta | `- default` |',
    'en el espacio `istio-system` valdría para toda la malla',
  ])('«%s» says something else, and stays', (written) => {
    expect(inPlace(written, place)).toBe(written);
  });
});

describe('the ingress gateway', () => {
  test.each([
    ['    istio: ingressgateway', '    istio: ingressgateway-ana'],
    [
      'kubectl get pods -n istio-system -l istio=ingressgateway',
      'kubectl get pods -n aula-ana -l istio=ingressgateway-ana',
    ],
    [
      'kubectl -n istio-system get service istio-ingressgateway -o jsonpath',
      'kubectl -n aula-ana get service istio-ingressgateway -o jsonpath',
    ],
    [
      '"cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"',
      '"cluster.local/ns/aula-ana/sa/istio-ingressgateway-service-account"',
    ],
    ['La pasarela está en `istio-system`.', 'La pasarela está en `aula-ana`.'],
  ])('«%s» becomes «%s»', (written, expected) => {
    expect(inPlace(written, place)).toBe(expected);
  });

  test.each([
    'kubectl get pods -n istio-system -l app=istiod',
    '    istio: egressgateway',
    'app: istio-ingressgateway',
  ])('«%s» stays', (written) => {
    expect(inPlace(written, place)).toBe(written);
  });

  test('stays where it was for who has none of their own', () => {
    const text = 'kubectl -n istio-system get service istio-ingressgateway\nselector: {istio: ingressgateway}';
    expect(inPlace(text, { namespace: 'aula-ana' })).toBe(text);
  });
});

describe('the course in a namespace', async () => {
  const { labs, problems } = await loadLabs(join(root, 'labs'), join(root, 'samples'), { place });

  test('is still well written', () => {
    expect(problems).toEqual([]);
  });

  test('has these labs, and those that do not fit say why', () => {
    const practical = labs.filter((lab) => !lab.chapter);
    expect(Object.fromEntries(practical.map((lab) => [lab.id, whyNotIn(lab, place) ?? 'sí']))).toMatchInlineSnapshot(`
      {
        "autorizacion": "cierra un espacio entero, y en el tuyo está también tu pasarela",
        "blue-green": "sí",
        "bookinfo": "sí",
        "cabeceras": "sí",
        "caida": "crea objetos en el espacio istio-system",
        "canary": "sí",
        "cluster": "prepara las máquinas de un clúster",
        "fallos": "sí",
        "gateway": "trabaja en el espacio istio-system",
        "grafana": "crea objetos en el espacio istio-system",
        "instalacion": "cambia el Istio de todos (istioctl install)",
        "inyeccion": "cambia objetos que no están en ningún espacio (kubectl label namespace)",
        "jwt": "sí",
        "kiali": "crea objetos en el espacio istio-system",
        "mtls": "cambia objetos que no están en ningún espacio (kubectl create namespace)",
        "proyecto-final": "crea objetos que no están en ningún espacio (Namespace)",
        "registros": "sí",
        "resiliencia": "sí",
        "timeouts": "sí",
        "trazas": "crea objetos en el espacio istio-system",
      }
    `);
  });

  test('what a lab makes without a namespace is of the place', () => {
    const bookinfo = labsIn(place, labs).find((lab) => lab.id === 'bookinfo');
    const namespaces = bookinfo ? madeBy(bookinfo).objects.map((o) => o.namespace) : [];
    expect(new Set(namespaces)).toEqual(new Set(['aula-ana']));
  });

  test('a lab begins from those that fit, and from nothing of the rest', () => {
    const course = labsIn(place, labs);
    const requires = (id: string) => course.find((lab) => lab.id === id)?.requires;
    expect([requires('bookinfo'), requires('canary')]).toEqual([[], ['blue-green']]);
    expect(course.find((lab) => lab.id === 'mtls')?.notHere).toContain('kubectl create namespace');
  });

  test('says nothing of the usual places in what it applies, runs and checks', () => {
    const fitting = labs.filter((lab) => !lab.chapter && whyNotIn(lab, place) === undefined);
    for (const lab of fitting) {
      const written = JSON.stringify([lab.steps.map((s) => [s.solution, s.checks]), lab.cleanup]);
      expect(
        written.match(/istio-system|\.default\b|"default"|ns\/default|istio: ingressgateway\\n/g) ?? [],
        lab.id,
      ).toEqual([]);
    }
  });
});
