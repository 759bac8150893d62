// Every kind of check as labs write it. To add one: docs/anadir-una-comprobacion.md.
import { http } from './http.ts';
import { inyeccion } from './inyeccion.ts';
import { latencia } from './latencia.ts';
import { metrica } from './metrica.ts';
import { nodos } from './nodos.ts';
import { objeto } from './objeto.ts';
import { peticion } from './peticion.ts';
import { pods } from './pods.ts';
import { proxy } from './proxy.ts';
import { registro } from './registro.ts';
import { reparto } from './reparto.ts';
import { respuesta } from './respuesta.ts';
import { traza } from './traza.ts';

export const forms = {
  objeto,
  pods,
  inyeccion,
  http,
  reparto,
  latencia,
  registro,
  metrica,
  traza,
  peticion,
  proxy,
  respuesta,
  nodos,
};

export type CheckType = keyof typeof forms;
