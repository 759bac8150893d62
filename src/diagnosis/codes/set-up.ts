import type { CatalogueEntry } from './entry.ts';

export const setUpCodes = {
  'MALLA-INS-01': {
    title: 'Istio no está instalado',
    why: 'Sin el plano de control (istiod) no hay inyección de sidecars ni nadie que reparta la configuración de la malla.',
    cure: 'Instálalo con istioctl y espera a que sus pods estén listos en istio-system.',
  },
  'MALLA-INS-02': {
    title: 'Istio está instalado sin ingress gateway',
    why: 'Los perfiles minimal y empty no lo traen, y sin él no hay puerta por la que entre el tráfico de fuera.',
    cure: 'Instala un perfil que lo incluya, como demo o default; istioctl completa la instalación que ya tienes.',
  },
  'MALLA-INS-03': {
    title: 'La instalación de Istio está a medias',
    why: 'istiod existe, pero falta alguna pieza que istioctl instala con él: las CRD o el webhook de inyección.',
    cure: 'Repite la instalación con istioctl y deja que termine.',
  },
  'MALLA-INS-04': {
    title: 'Istio está instalado sin egress gateway',
    why: 'Solo algunos perfiles instalan la puerta de salida.',
    cure: 'Mira qué incluye cada perfil y vuelve a instalar con uno que la tenga.',
  },
  'MALLA-INY-01': {
    title: 'El espacio de nombres no tiene la etiqueta de inyección',
    why: 'El webhook de Istio solo mira los pods que se crean en espacios de nombres etiquetados.',
    cure: 'Etiqueta el espacio de nombres con istio-injection=enabled.',
  },
  'MALLA-INY-02': {
    title: 'La clave de la etiqueta de inyección está mal escrita',
    why: 'Kubernetes acepta cualquier etiqueta sin avisar; el webhook solo reconoce istio-injection.',
    cure: 'Quita la etiqueta equivocada (con un guion al final de su clave) y pon la correcta.',
  },
  'MALLA-INY-03': {
    title: 'La etiqueta de inyección no vale enabled',
    why: 'El webhook compara el valor exacto: true, yes o disabled no activan la inyección.',
    cure: 'Cambia el valor a enabled; kubectl label necesita --overwrite para cambiar una etiqueta que ya existe.',
  },
  'MALLA-INY-04': {
    title: 'La etiqueta de inyección está en otro espacio de nombres',
    why: 'Cada espacio de nombres se activa por separado; el de tus pods sigue sin inyección.',
    cure: 'Etiqueta el espacio de nombres donde corren los pods.',
  },
  'MALLA-INY-05': {
    title: 'Los pods no se han creado de nuevo desde que hay inyección',
    why: 'El sidecar se añade cuando el pod se crea; los que ya existían se quedan como estaban.',
    cure: 'Recrea los pods, por ejemplo con kubectl rollout restart.',
  },
  'MALLA-INY-06': {
    title: 'El pod se excluye de la inyección',
    why: 'sidecar.istio.io/inject: "false" en la plantilla del pod manda sobre la etiqueta del espacio de nombres.',
    cure: 'Quita esa etiqueta o anotación de la plantilla del Deployment y deja que los pods se recreen.',
  },
  'MALLA-INY-07': {
    title: 'El pod no puede llevar sidecar',
    why: 'Istio no inyecta en pods con hostNetwork ni en los espacios de nombres del sistema.',
    cure: 'Quita hostNetwork o lleva la carga a un espacio de nombres tuyo.',
  },
  'MALLA-INY-08': {
    title: 'Hay sidecar donde no debía haberlo',
    why: 'El pod se creó mientras la inyección estaba activa para él.',
    cure: 'Excluye la carga con la etiqueta sidecar.istio.io/inject: "false" en la plantilla del pod, o desactiva la inyección, y recrea los pods.',
  },
  'MALLA-INY-09': {
    title: 'La revisión de Istio que pide la etiqueta no existe',
    why: 'istio.io/rev elige un istiod por su revisión; si ninguna se llama así, nadie inyecta.',
    cure: 'Usa una revisión instalada (istioctl tag list, o la revisión default) o la etiqueta istio-injection=enabled.',
  },
  'MALLA-INY-10': {
    title: 'Quien llama no tiene sidecar',
    why: 'Las reglas de la malla las aplica el proxy de quien llama; sin él, la petición va a un pod cualquiera del Service.',
    cure: 'Recrea los pods de quien llama en un espacio de nombres con inyección.',
  },
  'MALLA-APP-01': {
    title: 'No hay ninguna carga con esas etiquetas',
    why: 'Ningún pod, Deployment ni otro controlador casa con lo que el paso busca.',
    cure: 'Aplica el manifiesto del paso y mira en qué espacio de nombres lo haces.',
  },
  'MALLA-APP-02': {
    title: 'La imagen no se puede descargar',
    why: 'El nodo no encuentra la imagen que pide el contenedor, así que el pod no arranca.',
    cure: 'Revisa el nombre y la versión de la imagen; kubectl describe pod enseña el error completo.',
  },
  'MALLA-APP-03': {
    title: 'Hay menos réplicas de las necesarias',
    why: 'La carga existe, pero pide menos pods de los que hacen falta; con 0 no responde nadie.',
    cure: 'Sube las réplicas con kubectl scale o en el manifiesto.',
  },
  'MALLA-APP-04': {
    title: 'El contenedor no consigue arrancar',
    why: 'Termina con error una y otra vez, o le falta algo de su configuración.',
    cure: 'Mira kubectl describe pod y kubectl logs (con --previous si ya se reinició).',
  },
  'MALLA-APP-05': {
    title: 'El pod no cabe en ningún nodo',
    why: 'El planificador no encuentra un nodo que cumpla lo que el pod pide.',
    cure: 'Lee el suceso FailedScheduling con kubectl describe pod y ajusta recursos, selector de nodo o tolerancias.',
  },
  'MALLA-APP-06': {
    title: 'El pod arranca, pero no llega a estar listo',
    why: 'Un pod que no está listo no recibe tráfico de su Service.',
    cure: 'Mira la sonda de disponibilidad y los registros del contenedor.',
  },
  'MALLA-APP-07': {
    title: 'No existe el Service',
    why: 'El nombre al que se envía el tráfico es el de un Service; sin él no hay destino.',
    cure: 'Crea el Service, o corrige el nombre o el espacio de nombres con el que lo llamas.',
  },
  'MALLA-APP-08': {
    title: 'El selector del Service no selecciona ningún pod',
    why: 'Un Service sin pods no tiene a quién enviar las peticiones: 503 «no healthy upstream».',
    cure: 'Compara spec.selector del Service con las etiquetas de los pods.',
  },
  'MALLA-APP-09': {
    title: 'El targetPort del Service no es el puerto en el que escucha el pod',
    why: 'La conexión llega al pod y nadie la atiende.',
    cure: 'Iguala targetPort al containerPort de la aplicación.',
  },
  'MALLA-APP-10': {
    title: 'La carga existe, pero con otras etiquetas',
    why: 'Los selectores comparan etiquetas exactas: una clave o un valor distinto deja fuera al pod.',
    cure: 'Corrige las etiquetas de la plantilla del pod.',
  },
  'MALLA-APP-11': {
    title: 'El API se niega a crear los pods',
    why: 'Una cuota, una política o un webhook rechaza cada intento del controlador.',
    cure: 'Lee el motivo con kubectl describe replicaset.',
  },
  'MALLA-APP-12': {
    title: 'La carga está en otro espacio de nombres',
    why: 'Se aplicó con otro -n o con otro contexto: donde se busca no hay nada.',
    cure: 'Aplica el manifiesto en el espacio de nombres del paso y borra el sobrante.',
  },
} satisfies Record<string, CatalogueEntry>;
