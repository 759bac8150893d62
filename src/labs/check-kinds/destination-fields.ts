// Where a request by the way in goes, for the kinds of check that send them.
import * as z from 'zod';
import { name } from './fields.ts';
import { given } from './form.ts';

export const destinationFields = {
  esquema: z
    .enum(['http', 'https'])
    .default('http')
    .describe('Con https se entra por el puerto 443 de la puerta de entrada; no se mira quién firma su certificado.'),
  servidor: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'debe ser un nombre de host en minúsculas, sin puerto')
    .optional()
    .describe('Nombre por el que se pregunta: va en Host y, con https, en el saludo de TLS (SNI).'),
  servicio: z
    .strictObject({ espacio: name, nombre: name, puerto: z.int().min(1).max(65_535) })
    .optional()
    .describe('Se entra por el NodePort de ese puerto del Service en vez de por la dirección de entrada.'),
};

interface Written {
  esquema: 'http' | 'https';
  servidor?: string | undefined;
  servicio?: { espacio: string; nombre: string; puerto: number } | undefined;
}

export interface Destination {
  /** Absent: http. */
  scheme?: 'https';
  /** Goes in Host and SNI. */
  server?: string;
  /** By its NodePort, instead of the entry address. */
  service?: ServicePortRef;
}

export interface ServicePortRef {
  namespace: string;
  name: string;
  port: number;
}

export function destinationOf({ esquema, servidor, servicio }: Written): Destination {
  return {
    ...(esquema === 'https' && { scheme: esquema }),
    ...given({ server: servidor }),
    ...(servicio && { service: { namespace: servicio.espacio, name: servicio.nombre, port: servicio.puerto } }),
  };
}

/** Headers of a request by the way in: the name that is asked for goes in Host, and from there to SNI. */
export function headersOf({ server, headers }: Destination & { headers: Record<string, string> }): typeof headers {
  const named = Object.keys(headers).some((header) => header.toLowerCase() === 'host');
  return server === undefined || named ? headers : { ...headers, Host: server };
}
