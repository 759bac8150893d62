import type { CatalogueEntry } from './entry.ts';

/** Of Istio on a cluster that Malla does not simulate. */
export const istioSetupCodes = {
  'MALLA-IST-01': {
    title: 'Istio y Kubernetes no son de versiones que vayan juntas',
    why: 'Cada versión de Istio se prueba con unas pocas de Kubernetes; fuera de ellas pueden faltarle cosas del API.',
    cure: 'Usa una versión de Istio que valga para tu Kubernetes: el mensaje dice cuáles.',
  },
  'MALLA-IST-02': {
    title: 'Malla no conoce esa versión de Istio',
    why: 'El curso vale de la 1.24 a la 1.32; en otras cambian nombres, órdenes y comportamientos.',
    cure: 'Usa una versión de la 1.24 a la 1.32.',
  },
  'MALLA-IST-03': {
    title: 'Ningún nodo acepta pods',
    why: 'Sin un nodo listo y libre de taints, los pods de Istio se quedan en Pending.',
    cure: 'Mira qué les pasa con «kubectl describe node».',
  },
  'MALLA-IST-04': {
    title: 'Hay nodos de una arquitectura sin imágenes',
    why: 'Las imágenes de Istio y del curso existen para amd64 y arm64.',
    cure: 'Usa nodos de esas arquitecturas, o impide que los pods vayan a los demás.',
  },
  'MALLA-IST-05': {
    title: 'Queda poco sitio en los nodos',
    why: 'Lo que cuenta es lo que los pods piden, no lo que gastan: si no cabe lo pedido, se quedan en Pending.',
    cure: 'Borra lo que no uses o da más CPU y memoria a los nodos.',
  },
  'MALLA-IST-06': {
    title: 'El clúster usa el modo ambient',
    why: 'En ambient no hay sidecars: lo que el curso enseña a mirar no está.',
    cure: 'Usa otro clúster, o quita antes el modo ambient si es tuyo.',
  },
  'MALLA-IST-07': {
    title: 'Hay otro Istio, o está en otro sitio',
    why: 'Dos planos de control se disputan los mismos pods, y el curso espera uno en istio-system.',
    cure: 'Usa otro clúster.',
  },
  'MALLA-IST-08': {
    title: 'Ya hay una versión de Istio distinta',
    why: 'Istio sube de una versión menor en una, y no vuelve atrás.',
    cure: 'Sube antes a la siguiente, o quita la que hay.',
  },
  'MALLA-IST-09': {
    title: 'Quedan restos de un Istio antiguo',
    why: 'Un istio-operator puede deshacer lo que se instale.',
    cure: 'Bórralos antes de instalar.',
  },
  'MALLA-IST-10': {
    title: 'El espacio istio-system se está borrando',
    why: 'Nada se puede crear en él hasta que desaparezca.',
    cure: 'Espera, o mira qué lo retiene.',
  },
  'MALLA-IST-11': {
    title: 'Hay webhooks de un Istio que ya no está',
    why: 'El API les pregunta antes de guardar nada, y nadie contesta: la creación de pods o de reglas falla.',
    cure: 'Borra esas configuraciones de webhook.',
  },
  'MALLA-IST-12': {
    title: 'Hay webhooks a los que nadie contesta',
    why: 'Si su política es Fail, paran la creación de los objetos que vigilan.',
    cure: 'Pon en marcha su servicio o borra su configuración.',
  },
  'MALLA-IST-13': {
    title: 'Los CRD de Istio son de otra versión',
    why: 'Una clase que falta, o una versión del API que no se sirve, hace que se rechacen reglas correctas.',
    cure: 'Al instalar se ponen los de la versión nueva; tus objetos se conservan.',
  },
  'MALLA-IST-14': {
    title: 'El clúster ya tiene otra malla',
    why: 'Dos mallas se disputan el tráfico de los mismos pods.',
    cure: 'Usa otro clúster.',
  },
  'MALLA-IST-20': {
    title: 'Hay un istioctl que no dice su versión',
    why: 'Sin saberla no se sabe qué instalaría.',
    cure: 'Comprueba que ese programa es el istioctl de Istio.',
  },
  'MALLA-IST-21': {
    title: 'No hay istioctl en esta máquina',
    why: 'En un clúster real, Malla instala Istio con el istioctl de Istio o con los manifiestos que él escribe.',
    cure: 'Trae uno con «malla kind herramientas» o con un paquete de clase.',
  },
  'MALLA-IST-22': {
    title: 'Algo de la instalación no llega a estar listo',
    why: 'Los objetos están creados, pero sus pods no arrancan: una imagen que no se puede bajar o que no caben, casi siempre.',
    cure: 'Mira sus pods; el mensaje dice qué les falta.',
  },
  'MALLA-IST-23': {
    title: 'La instalación no ha terminado bien',
    why: 'Instalar es crear muchos objetos y esperar a que funcionen; algo de eso ha fallado.',
    cure: 'Lee lo que dice y repite la orden.',
  },
  'MALLA-IST-24': {
    title: 'Un fichero de manifiestos no se puede usar',
    why: 'Se aplican objetos de Kubernetes en YAML, enteros.',
    cure: 'Comprueba el fichero.',
  },
  'MALLA-IST-25': {
    title: 'No hay puerta de entrada',
    why: 'Sin el Service de la ingress gateway no hay por dónde entrar a la malla.',
    cure: 'Instala Istio con el perfil demo o default.',
  },
  'MALLA-IST-26': {
    title: 'No existe ese extra',
    why: 'Los extras son Prometheus, Grafana, Jaeger y Kiali.',
    cure: 'Escribe bien su nombre.',
  },
  'MALLA-IST-27': {
    title: 'No se pueden leer los manifiestos de los extras',
    why: 'Salen de la carpeta samples/addons.',
    cure: 'Comprueba la carpeta.',
  },
  'MALLA-IST-28': {
    title: 'La limpieza no ha terminado',
    why: 'Quitar Istio, o devolver su forma a lo que un laboratorio cambió, son muchas peticiones, y alguna ha fallado.',
    cure: 'Repite «malla limpiar»: sigue por donde iba.',
  },
} satisfies Record<string, CatalogueEntry>;
