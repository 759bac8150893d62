import type { CatalogueEntry } from './entry.ts';

export const timeoutsCodes = {
  'MALLA-TIE-01': {
    title: 'La ruta no tiene límite de tiempo',
    why: 'Sin timeout, el proxy espera lo que haga falta: solo corta el programa, si es que tiene un límite propio.',
    cure: 'Pon timeout en la regla, a la altura de route. Si kubectl lo rechazó, mira la unidad: 0.5s o 500ms, no 0.5.',
  },
  'MALLA-TIE-02': {
    title: 'El límite y el retraso están en la misma ruta',
    why: 'El retraso ocurre antes de que el reloj del límite empiece a contar, así que ese límite no lo corta.',
    cure: 'Pon el límite en un salto anterior: en la ruta hacia el servicio que espera.',
  },
  'MALLA-TIE-03': {
    title: 'El límite es mayor que el retraso',
    why: 'La respuesta llega antes de que se cumpla el plazo, así que no se corta nada.',
    cure: 'Baja timeout por debajo de lo que tarda el servicio.',
  },
  'MALLA-TIE-04': {
    title: 'El límite está en la ruta de otro servicio',
    why: 'Un timeout vale para las llamadas a los hosts de su VirtualService; las demás esperan sin límite.',
    cure: 'Pon timeout en el VirtualService del servicio cuyas llamadas hay que cortar.',
  },
  'MALLA-TIE-05': {
    title: 'Un límite corta la respuesta antes de tiempo',
    why: 'El plazo se cumple antes de que el servicio conteste: el proxy responde 504 «upstream request timeout».',
    cure: 'Sube o quita timeout en la regla que se señala.',
  },
  'MALLA-TIE-06': {
    title: 'retryOn no incluye ese fallo',
    why: 'Sin retryOn solo se reintenta lo que falla al conectar: una respuesta 5xx o un intento que se agota no se repiten.',
    cure: 'Escribe en retryOn las condiciones que deben repetirse, como 5xx o gateway-error.',
  },
  'MALLA-TIE-07': {
    title: 'El límite de la ruta no deja sitio a los reintentos',
    why: 'timeout cuenta todos los intentos juntos: si se agota con el primero, no hay segundo.',
    cure: 'Haz que timeout sea mayor que perTryTimeout por el número de intentos, o quítalo.',
  },
  'MALLA-TIE-08': {
    title: 'El número de reintentos es otro',
    why: 'attempts cuenta los reintentos, sin el primer intento: con 3 se prueba hasta cuatro veces.',
    cure: 'Corrige retries.attempts.',
  },
  'MALLA-TIE-09': {
    title: 'La ruta no reintenta',
    why: 'Por omisión Istio solo repite lo que falla al conectar, y attempts: 0 quita incluso eso.',
    cure: 'Añade retries a la regla del servicio que falla.',
  },
  'MALLA-TIE-10': {
    title: 'Los reintentos están en la ruta de otro servicio',
    why: 'retries vale para las llamadas a los hosts de su VirtualService.',
    cure: 'Pon retries en el VirtualService del servicio que falla.',
  },
  'MALLA-TIE-11': {
    title: 'Los intentos no tienen plazo propio',
    why: 'Sin perTryTimeout, el primer intento puede gastar todo el tiempo esperando, y no se llega al segundo.',
    cure: 'Añade retries.perTryTimeout, menor que el límite de la ruta y que la paciencia de quien llama.',
  },
  'MALLA-TIE-12': {
    title: 'La respuesta tarda otra cosa',
    why: 'Ninguna regla guardada explica ese tiempo: puede ser el propio programa, o un límite suyo.',
    cure: 'Mide con curl -w "%{time_total}" cada salto y busca cuál tarda.',
  },
} satisfies Record<string, CatalogueEntry>;
