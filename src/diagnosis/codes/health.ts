import type { CatalogueEntry } from './entry.ts';

export const healthCodes = {
  'MALLA-SAL-01': {
    title: 'El API del clúster no responde',
    why: 'Sin él no se puede mirar nada: lo que hayas hecho no se puede juzgar ahora.',
    cure: 'Arranca el clúster o espera a que vuelva, y comprueba otra vez.',
  },
  'MALLA-SAL-02': {
    title: 'Hay un nodo que no está listo',
    why: 'Sus pods pueden no responder sin que sea culpa tuya.',
    cure: 'Espera a que el nodo vuelva (kubectl get nodes) y comprueba otra vez.',
  },
  'MALLA-SAL-03': {
    title: 'istiod está instalado, pero no está listo',
    why: 'Los proxies siguen con la última configuración que recibieron y los pods nuevos no se inyectan.',
    cure: 'Mira kubectl get pods -n istio-system y espera a que istiod esté listo.',
  },
  'MALLA-SAL-04': {
    title: 'El ingress gateway está instalado, pero no está listo',
    why: 'El tráfico de fuera entra por él.',
    cure: 'Mira kubectl get pods -n istio-system y espera a que esté listo.',
  },
  'MALLA-SAL-05': {
    title: 'Una aplicación del camino no funciona',
    why: 'Sus pods no arrancan (imagen que no se descarga, contenedor que falla), y eso no dice nada de tus reglas.',
    cure: 'Repara la carga que se señala y comprueba otra vez.',
  },
  'MALLA-SAL-06': {
    title: 'Los pods todavía están arrancando',
    why: 'Aún no se puede decir si irá bien o mal.',
    cure: 'Espera a que terminen (kubectl get pods -w) y comprueba otra vez.',
  },
  'MALLA-SAL-07': {
    title: 'La configuración es la que se pide, pero el tráfico todavía no la sigue',
    why: 'istiod tarda en repartir un cambio a los proxies; hasta entonces mandan las reglas anteriores.',
    cure: 'Espera unos segundos y comprueba otra vez; istioctl proxy-status dice qué proxies van con retraso.',
  },
  'MALLA-SAL-08': {
    title: 'No se conoce la dirección de entrada',
    why: 'Sin ella no se pueden enviar peticiones desde fuera de la malla.',
    cure: 'Di cuál es con --entrada, por ejemplo http://10.0.0.5:31380.',
  },
  'MALLA-SAL-09': {
    title: 'El tráfico no dio para decidir',
    why: 'Se enviaron todas las peticiones previstas sin reunir evidencia bastante en un sentido ni en otro.',
    cure: 'Comprueba otra vez con el clúster en calma.',
  },
  'MALLA-SAL-10': {
    title: 'A un nodo no le queda disco',
    why: 'Kubernetes expulsa sus pods y no le manda otros hasta que haya sitio.',
    cure: 'Libera disco en esa máquina (imágenes viejas, registros) y comprueba otra vez.',
  },
  'MALLA-SAL-11': {
    title: 'El reloj de un nodo no va con los demás',
    why: 'Los certificados y los tokens tienen fechas: con la hora mal, la malla rechaza lo que es válido.',
    cure: 'Pon en hora esa máquina (timedatectl, chrony) y comprueba otra vez.',
  },
  'MALLA-SAL-12': {
    title: 'La máquina no da abasto, y las latencias no dicen nada de las reglas',
    why: 'Mientras se medía, también tardaba lo que no pasa por ninguna regla: quien va lento es el ordenador, o el camino hasta el clúster.',
    cure: 'Cierra lo que más trabaje en esa máquina, o espera a que acabe, y comprueba otra vez.',
  },
  'MALLA-SAL-13': {
    title: 'Los pods cambian mientras se comprueba',
    why: 'Con pods que mueren, nacen o se reinician, lo que hace el tráfico en ese momento no dice nada de las reglas.',
    cure: 'Espera a que «kubectl get pods -A» no cambie y comprueba otra vez. Si un pod se reinicia una y otra vez, mira su registro.',
  },
  'MALLA-SAL-14': {
    title: 'La respuesta tarda más de lo que la retrasan las reglas',
    why: 'El retraso está bien puesto, y lo que sobra no lo pone ninguna regla: puede ser el programa, o un ordenador con mucho trabajo.',
    cure: 'Mide con curl -w "%{time_total}" cada salto y busca cuál tarda; si la máquina está ocupada, espera y comprueba otra vez.',
  },
  'MALLA-SAL-15': {
    title: 'La pasarela todavía no escucha',
    why: 'istiod tiene que leer el Gateway, crear su pasarela y darle sus puertos; si acabas de instalar los CRD de la Gateway API, tarda más en leerlo.',
    cure: 'Espera a que kubectl get gateway diga PROGRAMMED True y comprueba otra vez.',
  },
} satisfies Record<string, CatalogueEntry>;
