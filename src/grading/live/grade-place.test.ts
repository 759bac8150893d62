import { expect, test } from 'vitest';
import { clusterOf } from '../../checks/objects-client.fixture.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import type { Lab } from '../../labs/lab.ts';
import { parseLab } from '../../labs/parse.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { attemptOf } from '../class/attempt-of.ts';
import { gradedSchema } from '../replay/graded.ts';
import { planFrom, smallRubric } from '../rubric/rubric.fixture.ts';
import { gradePlace } from './grade-place.ts';
import { readOnly } from './read-only-client.ts';

const text = `---
id: uno
titulo: Uno
minutos: 5
clusters: [embebido]
objetivos: [aprender]
---

## Paso {#paso}

Hazlo.

\`\`\`yaml comprobaciones
- id: servicio
  tipo: objeto
  titulo: El Service lleva a web
  recurso: {apiVersion: v1, kind: Service, espacio: aula-ana, nombre: web}
  coincide:
    spec: {selector: {app: web}}
- {id: cuantos, tipo: respuesta, titulo: Sabes cuántos, pregunta: ¿Cuántos?, numero: {valor: 1}}
\`\`\`

::: solucion
\`\`\`bash ejecutar
kubectl get services
\`\`\`
\`\`\`text respuesta=cuantos
1
\`\`\`
:::
`;
const { lab } = parseLab(text, { file: 'lab.md', folder: '/', samples: () => undefined, seed: '' });
const service = (app: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'aula-ana' },
  spec: { selector: { app } },
});

const grade = (objects: KubeObject[], labs: readonly Lab[] = lab ? [lab] : []) =>
  gradePlace({
    cluster: clusterOf(objects),
    namespace: 'aula-ana',
    student: 'ana',
    labs,
    malla: '0.1.0',
    now: Date.UTC(2026, 10, 20),
    signal: new AbortController().signal,
  });
const statesOf = async (objects: KubeObject[]) =>
  (await grade(objects)).labs[0]?.steps[0]?.checks.map((c) => [c.replayed?.state, c.replayed?.cause?.code]);

test('what is in the namespace is judged as it stands, and answers are not on the cluster', async () => {
  const answer = ['no verificable', 'MALLA-ENT-47'];
  expect(await statesOf([service('web')])).toEqual([['correcto', undefined], answer]);
  expect(await statesOf([service('otra')])).toEqual([['incorrecto', 'MALLA-OBJ-02'], answer]);
});

test('a step that a later one has changed does not count against who did it', async () => {
  const [step] = lab?.steps ?? [];
  const [check] = step?.checks ?? [];
  const other = JSON.parse(JSON.stringify(check).replace('"web"}', '"otra"}')) as NonNullable<typeof check>;
  const both = lab && step ? { ...lab, steps: [step, { ...step, id: 'otro', checks: [other] }] } : undefined;
  const statesIn = async (app: string) =>
    (await grade([service(app)], both ? [both] : [])).labs[0]?.steps.map((s) => s.checks[0]?.replayed?.state);
  expect(await statesIn('otra')).toEqual(['no verificable', 'correcto']);
  expect(await statesIn('tercera')).toEqual(['incorrecto', 'incorrecto']);
});

test('the result has the shape of a replay, and says whose it is', async () => {
  const graded = await grade([service('web')]);
  expect(gradedSchema.parse(graded)).toEqual(graded);
  expect(graded).toMatchObject({ submission: 'aula-ana', student: 'ana', outcome: 'entera', seal: 'ninguno' });
});

test('a lab that does not fit in a namespace counts neither for nor against', async () => {
  const graded = await grade([], lab ? [{ ...lab, notHere: 'instala el Istio de todos' }] : []);
  expect(graded.problems.map((p) => p.code)).toEqual(['MALLA-ENT-46']);
  const { rubric } = planFrom(smallRubric);
  expect(attemptOf(graded, rubric)?.labs.uno?.checks).toEqual({
    'paso/servicio': 'no verificable',
    'paso/cuantos': 'no verificable',
  });
});

test('nothing can be written by who only looks', async () => {
  const written: string[] = [];
  const note = (what: string) => async () => {
    written.push(what);
  };
  const client = { patch: note('patch'), create: note('create'), remove: note('remove'), apply: note('apply') };
  const own = readOnly(client as unknown as KubeClient);
  const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'aula-ana', name: 'web' };
  for (const write of [
    () => own.apply(service('x'), 'm'),
    () => own.create(service('x')),
    () => own.patch(ref, 'merge', {}),
    () => own.remove(ref),
  ])
    await expect(write()).rejects.toMatchObject({ reason: 'forbidden' });
  expect(written).toEqual([]);
});
