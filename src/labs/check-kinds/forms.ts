// Every kind of check as labs write it. To add one: docs/anadir-una-comprobacion.md.
import { http } from './http.ts';
import { inyeccion } from './inyeccion.ts';
import { objeto } from './objeto.ts';
import { pods } from './pods.ts';
import { reparto } from './reparto.ts';

export const forms = { objeto, pods, inyeccion, http, reparto };

export type CheckType = keyof typeof forms;
