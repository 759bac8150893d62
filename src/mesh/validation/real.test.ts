// Each object of the fixtures, against what a real istioctl said of it.
import { expect, test } from 'vitest';
import { recordedValidations, validateCases } from '../../../test/fixtures/istioctl/cases.ts';
import { validate } from './validate.ts';

const real = recordedValidations();

test.each(validateCases.map((object) => [JSON.stringify([object.kind, object.spec]), object] as const))(
  '%s',
  (_, object) => {
    const { errors, warnings } = validate(object);
    // The recording has no blank lines.
    const texts = (all: string[]) => all.map((text) => text.trimEnd());
    expect({ errors: texts(errors), warnings: texts(warnings) }).toEqual(
      real[object.metadata.name] ?? { errors: [], warnings: [] },
    );
  },
);
