// What is sent before the requests of a check, and which service it is about: for the kinds that enter as a browser does.
import * as z from 'zod';
import { headers, name, path } from './fields.ts';
import { given } from './form.ts';

export const sessionFields = {
  sesion: z
    .strictObject({
      ruta: path,
      metodo: z.enum(['GET', 'POST']).default('POST'),
      cabeceras: headers,
    })
    .optional()
    .describe('Petición que se envía antes, como la de entrar con un usuario; sus cookies van en las demás.'),
  sobre: name
    .optional()
    .describe(
      'Service del que trata la regla, con «.espacio» si no está junto al de la entrada. Solo guía al diagnóstico.',
    ),
};

interface Written {
  sesion?: { ruta: string; metodo: 'GET' | 'POST'; cabeceras: Record<string, string> } | undefined;
  sobre?: string | undefined;
}

export interface SessionRequest {
  path: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
}

export interface Session {
  /** Sent first; its cookies go with the rest. */
  session?: SessionRequest;
  /** Name of the Service whose rules are at stake, with `.namespace` or without. */
  about?: string;
}

export function sessionOf({ sesion, sobre }: Written): Session {
  return given({
    session: sesion && { path: sesion.ruta, method: sesion.metodo, headers: sesion.cabeceras },
    about: sobre,
  });
}
