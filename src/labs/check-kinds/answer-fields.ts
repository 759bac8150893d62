// What else an `http` check asks of an answer: headers, the same request outside the rule, and the flag of a proxy.
import * as z from 'zod';
import { expression, headers, name, path, status, text } from './fields.ts';
import { given } from './form.ts';

export const answerFields = {
  noContiene: z.array(text).max(20).default([]).describe('Textos que no deben estar en la respuesta.'),
  respuesta: z
    .record(z.string().max(200), expression)
    .default({})
    .describe('Cabecera de la respuesta → expresión RE2 que debe casar con su valor entero.'),
  contraste: z
    .strictObject({
      ruta: path.optional(),
      cabeceras: headers,
      sesion: z.boolean().default(false),
      estado: status,
    })
    .optional()
    .describe(
      'La misma petición fuera de la regla (otra ruta, otras cabeceras, sin la sesión): debe dar este otro resultado.',
    ),
  marca: z
    .strictObject({
      espacio: name,
      selector: text,
      valor: z.string().regex(/^([A-Z]+(,[A-Z]+)*|-)$/, 'debe ser una marca de Envoy, como FI, o varias con comas'),
    })
    .optional()
    .describe('Marca (response flag) que la petición debe dejar en el registro de istio-proxy de esos pods.'),
};

interface Written {
  noContiene: string[];
  respuesta: Record<string, string>;
  contraste?:
    | { ruta?: string | undefined; cabeceras: Record<string, string>; sesion: boolean; estado: number }
    | undefined;
  marca?: { espacio: string; selector: string; valor: string } | undefined;
}

export interface Contrast {
  /** Absent: the same path. */
  path?: string;
  /** All that it carries. */
  headers: Record<string, string>;
  /** Whether it goes with the cookies of the session. */
  session: boolean;
  status: number;
}

export interface FlagPattern {
  namespace: string;
  selector: string;
  /** As the log prints it: `FI`, `DI,FI`, `-`. */
  flags: string;
}

export interface AnswerPattern {
  /** None of these texts may appear in the body. */
  lacks?: string[];
  /** Header → RE2 pattern of its whole value. */
  responseHeaders?: Record<string, string>;
  contrast?: Contrast;
  flag?: FlagPattern;
}

export function answerOf({ noContiene, respuesta, contraste, marca }: Written): AnswerPattern {
  return given({
    lacks: noContiene.length > 0 ? noContiene : undefined,
    responseHeaders: Object.keys(respuesta).length > 0 ? respuesta : undefined,
    contrast: contraste && {
      ...given({ path: contraste.ruta }),
      headers: contraste.cabeceras,
      session: contraste.sesion,
      status: contraste.estado,
    },
    flag: marca && { namespace: marca.espacio, selector: marca.selector, flags: marca.valor },
  });
}
