import { expect, test } from 'vitest';
import { lintLab } from './lint.ts';

const exists = (path: string) => ['labs/canary/lab.md', 'media/labs/x/a.svg', 'docs/glosario.md'].includes(path);
const codes = (text: string) =>
  lintLab(`---\nid: x\n---\n${text}`, { file: 'labs/x/lab.md', exists }).map((p) => `${p.line} ${p.code}`);

test('links and pictures that are there, and commands that exist, are fine', () => {
  expect(
    codes(
      [
        '[otro](../canary/lab.md#reparto) [paso](#uno) [fuera](https://istio.io) [glosario](../../docs/glosario.md)',
        '![Un dibujo de dos cajas](../../media/labs/x/a.svg)',
        '## Uno {#uno}',
        '```bash',
        'kubectl get pods | grep v1',
        'sudo kubeadm init --pod-network-cidr=10.244.0.0/16',
        'for i in $(seq 10); do curl -s http://$GATEWAY_URL/productpage; done',
        'kubectl --namespace otro get pods',
        '```',
      ].join('\n'),
    ),
  ).toEqual([]);
});

test('a link to nothing, to another folder of the machine, or to a step that is not there', () => {
  expect(codes('[a](../nada/lab.md)\n\n[b](../../../../etc/passwd)\n\n[c](#nada)')).toEqual([
    '4 MALLA-LAB-26',
    '6 MALLA-LAB-26',
    '8 MALLA-LAB-26',
  ]);
});

test('a picture that is not there, or that says nothing', () => {
  expect(codes('![Un dibujo de dos cajas](b.svg)\n\n![a](../../media/labs/x/a.svg)')).toEqual([
    '4 MALLA-LAB-26',
    '6 MALLA-LAB-27',
  ]);
});

test('a command with a slip, on its line, also behind a pipe', () => {
  expect(
    codes(
      '```bash ejecutar\nkubectl get pods\nkubectl aply -f a.yaml\n```\n\n```bash\ncat a | kubectl crate -f -\n```',
    ),
  ).toEqual(['6 MALLA-LAB-25', '10 MALLA-LAB-25']);
});
