// A policy that lets in somebody who is nobody: its principal is of no account that any pod runs with.
import { fields, items, texts } from '../../../mesh/read.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import type { Scene, Service } from '../../scene.ts';
import { principalOf } from '../../security/journey.ts';
import { podsBehind } from '../../subsets.ts';
import { closest } from '../../typo.ts';
import { applying } from './misplaced.ts';
import { isMalformedPrincipal } from './unmatched.ts';

export function misnamedCaller(scene: Scene, service: Service): Diagnosis | undefined {
  const [pod] = podsBehind(scene, service);
  if (!pod) return undefined;
  const known = [...new Set(scene.pods.map((p) => principalOf(p).replace('spiffe://', '')))];
  for (const policy of applying(scene, 'AuthorizationPolicy', pod)) {
    for (const { path, value } of principalsOf(policy.spec)) {
      if (isMalformedPrincipal(value))
        return diagnose(
          'MALLA-AUT-04',
          `${nameOf(policy)} dice «${value}», y una identidad es «cluster.local/ns/…/sa/…»`,
          {
            at: policy,
            path,
          },
        );
      if (value.includes('*') || known.includes(value)) continue;
      const meant = closest(value, known, (p) => p);
      const more = meant === undefined ? '' : `; hay uno con «${meant}»`;
      return diagnose(
        'MALLA-AUT-05',
        `${nameOf(policy)} admite a «${value}», y ningún pod tiene esa identidad${more}`,
        {
          at: policy,
          path,
        },
      );
    }
  }
  return undefined;
}

function principalsOf(spec: unknown): { path: string; value: string }[] {
  return items(fields(spec).rules).flatMap((rule, i) =>
    items(fields(rule).from).flatMap((from, j) =>
      texts(fields(fields(from).source).principals).map((value) => ({
        path: `spec.rules[${i}].from[${j}].source.principals`,
        value,
      })),
    ),
  );
}
