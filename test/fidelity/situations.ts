// Every situation, in the order in which they are played.
import type { Behaviour, Situation } from './behaviour.ts';
import { actions } from './behaviours/actions.ts';
import { matching } from './behaviours/matching.ts';

export const situations: Situation[] = [...matching, ...actions];

export interface Listed {
  id: string;
  situation: Situation;
  behaviour: Behaviour;
}

export const behaviours: Listed[] = situations.flatMap((situation) =>
  situation.behaviours.map((behaviour) => ({ id: `${situation.id}/${behaviour.id}`, situation, behaviour })),
);
