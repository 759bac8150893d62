// Mistakes that people make in the manifests of a lab.
import type { Operator } from './operator.ts';
import { routing } from './routing-operators.ts';
import { security } from './security-operators.ts';
import { setUp } from './set-up-operators.ts';

export const operators: readonly Operator[] = [...routing, ...security, ...setUp];
