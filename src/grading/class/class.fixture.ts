// A class whose hand-ins show everything that a report can show, for tests.
import type { ClaimedVerdict } from '../handin/claimed-verdict.ts';
import { gradedCheckOf, gradedLabOf, gradedOf, gradedStepOf, verdictOf } from '../replay/graded.fixture.ts';
import type { Graded, GradedCheck, GradedLab } from '../replay/graded.ts';
import { readClassList } from '../roster/class-list.ts';
import { course, planFrom, smallRubric } from '../rubric/rubric.fixture.ts';
import { buildClass, type ClassInput } from './build-class.ts';
import type { ClassResult } from './class-result.ts';

export const rubricText = `${smallRubric}entrega:
  hasta: 2026-12-01T00:00:00Z
  tarde: {dias: 2, descuento: 10}
`;
export const now = Date.parse('2026-12-10T10:00:00Z');

const yaml = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
    - reviews
  http:
    - route:
        - destination:
            host: reviews
            subset: v1
          weight: 80
        - destination:
            host: reviews
            subset: v3
          weight: 20
`;
const yamlDigest = 'c'.repeat(64);

const splitCause: ClaimedVerdict['cause'] = {
  code: 'MALLA-REP-01',
  message: 'El VirtualService reviews da el 80 % a v1',
  hint: 'Mira los pesos de la ruta.',
  at: {
    kind: 'VirtualService',
    namespace: 'default',
    name: 'reviews',
    path: 'spec.http[0].route[0].weight',
    file: 'reviews.yaml',
    line: 13,
  },
};

/** One right, one wrong, one not verifiable check, with what each leaves behind. */
export function canaryOf(
  states: readonly [ClaimedVerdict['state'], ClaimedVerdict['state'], ClaimedVerdict['state']],
): GradedLab {
  const [first, second, third] = states;
  const split: GradedCheck = gradedCheckOf('reparto', first, {
    title: 'El reparto es 90/10',
    attempts: first === 'correcto' ? 3 : 5,
    diagnoses: [
      { code: 'MALLA-REP-01', at: '2026-11-20T09:10:00.000Z', seconds: 620 },
      { code: 'MALLA-DES-02', at: '2026-11-20T09:30:00.000Z', seconds: first === 'correcto' ? 200 : 0 },
    ],
    replayed: {
      ...verdictOf('reparto', first),
      ...(first === 'incorrecto' ? { cause: splitCause, expected: 'el 90 % a v1', observed: 'el 80 % a v1' } : {}),
      evidence: { requests: 412, counts: { v1: 330, v3: 82 }, errorBound: 0.001 },
    },
  });
  return gradedLabOf('canary', [
    gradedStepOf('uno', [split, gradedCheckOf('subsets', second)], {
      files: [{ path: 'reviews.yaml', sha256: yamlDigest }],
    }),
    gradedStepOf('dos', [gradedCheckOf('reparto', third)]),
  ]);
}

export function handIn(student: string, given: Partial<Graded> = {}): Graded {
  return gradedOf({
    student,
    submission: `${student}.zip`,
    sha256: [...student]
      .map((c) => (c.codePointAt(0) ?? 0).toString(16))
      .join('')
      .padEnd(64, '0')
      .slice(0, 64),
    texts: { [yamlDigest]: yaml },
    ...given,
  });
}

export const mtls = (state: ClaimedVerdict['state']): GradedLab =>
  gradedLabOf('mtls', [gradedStepOf('estricto', [gradedCheckOf('modo', state)])]);

export const list = readClassList(
  Buffer.from(`codigo;nombre;apellidos;usuario;correo
ana;Ana;García;ag01;ana@x.es
berta;Berta;=SUMA(A1);bb02;berta@x.es
carlos;Carlos;<b>Ruiz</b>;cr03;carlos@x.es
diana;Diana;Peña;dp04;diana@x.es
eva;Eva;Núñez;en05;eva@x.es
`),
);

export const graded: Graded[] = [
  handIn('ana', { labs: [canaryOf(['correcto', 'correcto', 'correcto']), mtls('correcto')] }),
  handIn('berta', { labs: [canaryOf(['incorrecto', 'correcto', 'no verificable']), mtls('incorrecto')] }),
  handIn('carlos', {
    at: '2026-12-01T05:00:00.000Z',
    labs: [canaryOf(['correcto', 'incorrecto', 'correcto']), mtls('correcto')],
  }),
  handIn('diana', {
    outcome: 'parcial',
    labs: [canaryOf(['incorrecto', 'incorrecto', 'incorrecto'])],
    problems: [
      { code: 'MALLA-ENT-09', severity: 'rechazo', message: 'El registro de mtls está cortado.', lab: 'mtls' },
    ],
  }),
  handIn('zoe', { labs: [mtls('correcto')] }),
  gradedOf({
    submission: 'roto.zip',
    sha256: '',
    student: undefined,
    at: undefined,
    seal: 'sin comprobar',
    outcome: 'rechazada',
    problems: [{ code: 'MALLA-ENT-01', severity: 'rechazo', message: 'El zip está cortado.' }],
  }),
];

export function classOf(given: Partial<ClassInput> = {}): ClassResult {
  return buildClass({ graded, plan: planFrom(rubricText), course, rubricText, list, now, malla: '0.1.0', ...given });
}
