import { expect, test } from 'vitest';
import type { Action, Lab, Mistake, Step } from '../lab.ts';
import { identityOf } from './made.ts';
import { madeBy } from './made-by.ts';

test('a manifest that is applied makes its objects, in the namespace that kubectl gives them', () => {
  const made = madeBy(labOf([file('a.yaml', both), run('kubectl apply -n fuera -f a.yaml')]));
  expect(made.objects.map(identityOf)).toEqual([
    ' ConfigMap fuera/uno',
    'rbac.authorization.k8s.io ClusterRole /todos',
  ]);
});

test('a file that nobody applies makes nothing', () => {
  expect(madeBy(labOf([file('a.yaml', both), run('kubectl get pods')])).objects).toEqual([]);
});

test('a clean-up finds the file that a solution wrote', () => {
  const lab = labOf([file('a.yaml', both)], { cleanup: [run('kubectl apply -f a.yaml')] });
  expect(madeBy(lab).objects).toHaveLength(2);
});

test('a mistake gives an object one more form, and its images are not of the course', () => {
  const right = [run('kubectl create deployment web --image=nginx:1.28')];
  const wrong = [run('kubectl create deployment web --image=nginxx:1.28')];
  const made = madeBy(labOf(right, { mistakes: [wrong] }));
  expect(made.objects).toHaveLength(1);
  expect(made.objects[0]?.forms).toHaveLength(2);
  expect(made.images).toEqual(['nginx:1.28']);
});

test.each<[string, string]>([
  ['kubectl create namespace fuera', ' Namespace /fuera'],
  ['kubectl create secret tls hola --cert=a --key=b -n istio-system', ' Secret istio-system/hola'],
  ['kubectl expose deployment web --type=NodePort --name=fuera --port=80', ' Service default/fuera'],
  ['kubectl expose deployment/web --port=80', ' Service default/web'],
  ['kubectl run uno --image=busybox -- sleep 5', ' Pod default/uno'],
])('%s makes %s', (command, identity) => {
  expect(madeBy(labOf([run(command)])).objects.map(identityOf)).toEqual([identity]);
});

test('a label on a namespace is remembered; one taken away is not', () => {
  const made = madeBy(
    labOf([
      run('kubectl label namespace default istio-injection=enabled --overwrite'),
      run('kubectl label namespace default otra-'),
    ]),
  );
  expect(made.labels).toEqual([{ namespace: 'default', key: 'istio-injection', value: 'enabled' }]);
});

test('what kube-inject writes makes what it read', () => {
  const made = madeBy(
    labOf([
      file('a.yaml', both),
      run('istioctl kube-inject -f a.yaml -o b.yaml'),
      run('kubectl apply -n aparte -f b.yaml'),
    ]),
  );
  expect(made.objects.map(identityOf)[0]).toBe(' ConfigMap aparte/uno');
});

test('scaling and patching touch an object without making it', () => {
  const made = madeBy(
    labOf([run('kubectl scale deployment/reviews-v3 --replicas=0'), run('kubectl patch service web -n tienda -p {}')]),
  );
  expect(made.objects).toEqual([]);
  expect(made.touched).toEqual(['apps Deployment default/reviews-v3', ' Service tienda/web']);
});

test('an image that the solution replaces is not needed', () => {
  const made = madeBy(
    labOf([
      run('kubectl create deployment web --image=nginxx:1.28'),
      run('kubectl set image deployment/web web=nginx:1.28'),
    ]),
  );
  expect(made.images).toEqual(['nginx:1.28']);
  expect(made.objects[0]?.forms).toHaveLength(2);
});

test('text that is not YAML, or holds no object, makes nothing', () => {
  const made = madeBy(
    labOf([
      file('a.yaml', 'a: [b'),
      file('b.yaml', '- 1\n---\nkind: Solo\n'),
      run('kubectl apply -f a.yaml -f b.yaml'),
    ]),
  );
  expect(made.objects).toEqual([]);
});

const both = `apiVersion: v1
kind: ConfigMap
metadata: {name: uno}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: todos}
`;

function file(path: string, content: string): Action {
  return { type: 'file', path, content, line: 1 };
}

function run(command: string): Action {
  return { type: 'run', argv: command.split(' ') as ['kubectl'], line: 1 };
}

function labOf(
  solution: Action[],
  { cleanup = [], mistakes = [] }: { cleanup?: Action[]; mistakes?: Action[][] } = {},
): Pick<Lab, 'steps' | 'cleanup'> {
  const step: Step = {
    id: 'uno',
    title: 'Uno',
    markdown: '',
    hints: [],
    questions: [],
    checks: [],
    solution,
    mistakes: mistakes.map((actions): Mistake => ({ title: '', cause: '', check: '', actions, markdown: '', line: 1 })),
    line: 1,
  };
  return { steps: [step], cleanup };
}
