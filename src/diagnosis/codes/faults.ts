import type { CatalogueEntry } from './entry.ts';

export const faultsCodes = {
  'MALLA-FAL-01': {
    title: 'Ninguna regla inyecta el fallo',
    why: 'Sin un bloque fault guardado en el clúster, los proxies no retrasan ni cortan nada.',
    cure: 'Escribe fault en la regla. Si ya lo has hecho, mira si kubectl apply lo rechazó: una duración lleva unidad (2s) y abort no tiene percent.',
  },
  'MALLA-FAL-02': {
    title: 'El fallo no tiene porcentaje',
    why: 'Sin percentage, o con 0, el fallo se guarda y no le toca nunca a nadie.',
    cure: 'Añade percentage con su value, de 0 a 100.',
  },
  'MALLA-FAL-03': {
    title: 'El fallo responde con otro código',
    why: 'El cliente recibe el código de httpStatus, y el paso pide otro.',
    cure: 'Corrige abort.httpStatus.',
  },
  'MALLA-FAL-04': {
    title: 'El fallo está en las llamadas a otro servicio',
    why: 'Un fallo afecta a las llamadas que van a los hosts de su VirtualService; las demás no lo notan.',
    cure: 'Pon el fallo en el VirtualService del servicio que debe fallar.',
  },
  'MALLA-FAL-05': {
    title: 'El porcentaje del fallo es otro',
    why: 'percentage.value va de 0 a 100 y admite decimales: 0.1 es una petición de cada mil, no el 10 %.',
    cure: 'Corrige percentage.value.',
  },
  'MALLA-FAL-06': {
    title: 'El retraso dura otra cosa',
    why: 'Cada petición elegida espera justo fixedDelay antes de salir del proxy.',
    cure: 'Corrige delay.fixedDelay.',
  },
  'MALLA-FAL-07': {
    title: 'El fallo es de otra clase',
    why: 'delay retrasa y deja pasar; abort responde en el acto y no deja pasar. Se pueden usar los dos a la vez.',
    cure: 'Usa en fault la clase que se pide: delay, abort o las dos.',
  },
  'MALLA-FAL-08': {
    title: 'El fallo lo anota otro proxy',
    why: 'Los fallos los aplica el proxy de quien llama: en su registro está la marca, y no en el del servicio llamado.',
    cure: 'Mira quién llama al servicio y comprueba que la regla vale para sus llamadas.',
  },
  'MALLA-FAL-09': {
    title: 'Una regla sigue inyectando un fallo',
    why: 'Un fallo vale hasta que se quita: las pruebas que se olvidan parecen averías.',
    cure: 'Quita el bloque fault que se señala, o borra el VirtualService.',
  },
} satisfies Record<string, CatalogueEntry>;
