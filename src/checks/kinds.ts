// Every kind of check. To add one: docs/anadir-una-comprobacion.md. How a lab writes each is src/labs' business.
import type { CheckType } from '../labs/lab.ts';
import type { CheckKind, DeclarationOf } from './check-kind.ts';
import { http } from './kinds/http.ts';
import { inyeccion } from './kinds/inyeccion.ts';
import { latencia } from './kinds/latencia.ts';
import { metrica } from './kinds/metrica.ts';
import { nodos } from './kinds/nodos.ts';
import { objeto } from './kinds/objeto.ts';
import { peticion } from './kinds/peticion.ts';
import { pods } from './kinds/pods.ts';
import { proxy } from './kinds/proxy.ts';
import { registro } from './kinds/registro.ts';
import { reparto } from './kinds/reparto.ts';
import { respuesta } from './kinds/respuesta.ts';
import { traza } from './kinds/traza.ts';

const kinds: { [T in CheckType]: CheckKind<T> } = {
  objeto,
  pods,
  inyeccion,
  http,
  reparto,
  respuesta,
  latencia,
  registro,
  metrica,
  traza,
  peticion,
  proxy,
  nodos,
};

export function kindOf<T extends CheckType>(declaration: DeclarationOf<T>): CheckKind<T> {
  return kinds[declaration.type] as CheckKind<T>;
}
