// Each file of the fixtures, analysed, against what a real istioctl said of it.
import { expect, test } from 'vitest';
import { analyzeCases, recordedAnalyses, sorted } from '../../../test/fixtures/istioctl/cases.ts';
import { analyze } from '../../mesh/analysis.ts';
import { objectsOf } from './analysis-files.ts';
import { schemaFindings } from './schema-findings.ts';

const real = recordedAnalyses();

test.each(analyzeCases.map((one) => [one.title, one.text] as const))('%s', (title, text) => {
  const written = objectsOf(text, 'file', 'default');
  const objects = written.map(({ object }) => object);
  const found = [...analyze(objects), ...objects.flatMap(schemaFindings)].map(
    ({ code, level, object, text: message }) => {
      const { kind, namespace, name, path } = object;
      const origin = `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
      const said = real[title]?.find((m) => m.code === code && m.origin === origin && m.message === message);
      const at = written.find(({ object: { kind: k, metadata } }) => k === kind && metadata.name === name);
      // Where istioctl knows no line it gives the object's first, or none at all for one of the cluster; of a destination
      // it always shows the host. Ours may be better.
      const near = [undefined, at?.lineOf(''), at?.lineOf(path.replace(/(\.port)?\.[^.]*$/, ''))].includes(said?.line);
      return { code, level, message, origin, line: near ? said?.line : at?.lineOf(path) };
    },
  );
  expect(sorted(found)).toEqual(real[title]);
});
