import type { CatalogueEntry } from './entry.ts';

export const resilienceCodes = {
  'MALLA-RSL-01': {
    title: 'Los límites son demasiado amplios para que se noten',
    why: 'Una petición se rechaza (503, marca UO) solo cuando están ocupadas todas las conexiones y también toda la cola de espera.',
    cure: 'Baja maxConnections y http1MaxPendingRequests: el que no se escribe no tiene límite.',
  },
  'MALLA-RSL-02': {
    title: 'La política es de otro servicio, o de ninguno',
    why: 'Una DestinationRule vale para el servicio de su spec.host; si ese nombre no es el que se llama, no cambia nada y nadie avisa.',
    cure: 'Corrige spec.host para que nombre al servicio que recibe las llamadas.',
  },
  'MALLA-RSL-03': {
    title: 'La política está en un subset que ninguna ruta usa',
    why: 'El trafficPolicy de un subset solo actúa sobre el tráfico que una ruta envía a ese subset.',
    cure: 'Escribe la política en el trafficPolicy de arriba, o envía el tráfico a ese subset.',
  },
  'MALLA-RSL-04': {
    title: 'El límite de expulsiones no deja expulsar a nadie',
    why: 'maxEjectionPercent vale 10 si no se escribe, y se cumple a rajatabla: con menos de diez extremos, el 10 % es menos de uno.',
    cure: 'Sube maxEjectionPercent hasta que quepa al menos un extremo.',
  },
  'MALLA-RSL-05': {
    title: 'La detección no cuenta esos errores',
    why: 'consecutive5xxErrors cuenta cualquier 5xx; consecutiveGatewayErrors solo 502, 503 y 504; un 0 apaga la cuenta.',
    cure: 'Elige la cuenta que incluya el código que da el extremo enfermo.',
  },
  'MALLA-RSL-06': {
    title: 'Hacen falta demasiados errores seguidos para expulsar',
    why: 'La cuenta es por extremo, y un solo acierto la pone a cero: con un número alto se llega tarde, o nunca.',
    cure: 'Baja consecutive5xxErrors a unos pocos.',
  },
  'MALLA-RSL-07': {
    title: 'No hay otro extremo al que enviar el tráfico',
    why: 'Expulsar al único extremo deja al servicio sin ninguno: las respuestas pasan a ser 503 con la marca UH.',
    cure: 'Pon más de una réplica del servicio.',
  },
  'MALLA-RSL-08': {
    title: 'Nadie aparta al extremo que falla',
    why: 'Mientras un pod esté listo recibe su parte del tráfico, conteste lo que conteste: la malla no expulsa si no se le pide.',
    cure: 'Escribe outlierDetection en la DestinationRule del servicio.',
  },
  'MALLA-RSL-09': {
    title: 'No ha habido bastantes peticiones a la vez',
    why: 'Los límites están puestos, pero sin peticiones simultáneas siempre hay una conexión libre.',
    cure: 'Envía carga con más de un hilo, contra el servicio que tiene los límites.',
  },
  'MALLA-RSL-10': {
    title: 'El servicio sigue en pie',
    why: 'Mientras exista el Deployment, Kubernetes repone cada pod que se borra; y un servicio con un pod listo contesta.',
    cure: 'Mira con kubectl get pods si hay pods nuevos, y de qué objeto son.',
  },
} satisfies Record<string, CatalogueEntry>;
