import type { CatalogueEntry } from './entry.ts';

export const telemetryCodes = {
  'MALLA-OBS-01': {
    title: 'El pod no lleva sidecar: no hay registro, medidas ni tramos suyos',
    why: 'Todo lo que la malla cuenta de una petición lo cuenta el proxy; donde no hay proxy, no se ve nada.',
    cure: 'Haz que el pod nazca con sidecar, como en el laboratorio de inyección.',
  },
  'MALLA-OBS-02': {
    title: 'El pod no tiene ese contenedor',
    why: 'Cada contenedor tiene su registro: el de las peticiones es el de istio-proxy; el de la aplicación es otro.',
    cure: 'Mira qué contenedores tiene con kubectl get pod y nombra uno de ellos con -c.',
  },
  'MALLA-OBS-03': {
    title: 'Un objeto Telemetry apaga el registro de acceso',
    why: 'Con disabled: true los proxies a los que alcanza dejan de escribir una línea por petición.',
    cure: 'Quita disabled de ese objeto, o bórralo.',
  },
  'MALLA-OBS-04': {
    title: 'Nadie ha encendido el registro de acceso',
    why: 'Solo el perfil demo lo trae encendido (meshConfig.accessLogFile); con los demás hace falta un objeto Telemetry.',
    cure: 'Crea un Telemetry con accessLogging y el proveedor envoy.',
  },
  'MALLA-OBS-05': {
    title: 'El objeto Telemetry está en otro espacio de nombres',
    why: 'Un Telemetry vale para los pods de su espacio de nombres; solo el de istio-system vale para toda la malla.',
    cure: 'Créalo en el espacio de nombres de los pods, o en istio-system si es para toda la malla.',
  },
  'MALLA-OBS-06': {
    title: 'El selector del objeto Telemetry no coincide con el pod',
    why: 'selector.matchLabels compara etiquetas exactas: si ninguna carga casa, el objeto no hace nada, y nadie avisa.',
    cure: 'Compara el selector con las etiquetas del pod (kubectl get pods --show-labels).',
  },
  'MALLA-OBS-07': {
    title: 'El objeto Telemetry nombra un proveedor que no existe',
    why: 'Los proveedores se declaran en la configuración de la malla (extensionProviders); un nombre que no está ahí no sirve.',
    cure: 'Corrige el nombre, o declara el proveedor en la instalación.',
  },
  'MALLA-OBS-08': {
    title: 'El filtro del registro de acceso deja fuera esas peticiones',
    why: 'Con filter.expression solo se escriben las líneas de las peticiones que la cumplen.',
    cure: 'Revisa la expresión del filtro.',
  },
  'MALLA-OBS-09': {
    title: 'Por ese proxy no ha pasado ninguna petición',
    why: 'El registro de acceso tiene una línea por petición: sin peticiones está vacío, y el de un pod nuevo empieza de cero.',
    cure: 'Envía la petición del paso y mira otra vez; los proxies escriben su registro cada segundo.',
  },
  'MALLA-OBS-10': {
    title: 'Hay peticiones en el registro, pero no la que se busca',
    why: 'Cada línea dice método, ruta, estado y señales de respuesta: basta con que una cosa sea distinta.',
    cure: 'Compara la última línea con lo que pide el paso: ruta, método, estado y señales.',
  },
  'MALLA-OBS-11': {
    title: 'La petición está en un registro y no en el otro',
    why: 'Si el proxy de quien llama contesta él mismo (sin ruta, sin pods, con un fallo inyectado), la petición no llega al otro.',
    cure: 'Mira las señales de respuesta de la línea de quien llama: dicen por qué no siguió.',
  },
  'MALLA-OBS-12': {
    title: 'Prometheus no está instalado',
    why: 'Los proxies solo llevan cuentas; quien las recoge y las guarda es Prometheus, y sin él no hay grafo ni paneles.',
    cure: 'Aplica el manifiesto de Prometheus del paso y espera a que su pod esté listo.',
  },
  'MALLA-OBS-13': {
    title: 'Prometheus no contesta',
    why: 'Su Service existe, pero detrás no hay nadie que responda a las consultas.',
    cure: 'Mira sus pods: kubectl get pods -n istio-system.',
  },
  'MALLA-OBS-14': {
    title: 'Prometheus no entiende la consulta',
    why: 'Hay un paréntesis, unas comillas o una función que no son como PromQL las escribe.',
    cure: 'Lee el mensaje de Prometheus: empieza por la línea y la columna donde se pierde.',
  },
  'MALLA-OBS-15': {
    title: 'No existe ninguna métrica con ese nombre',
    why: 'Una consulta sobre una métrica que no existe no da error: da un resultado vacío.',
    cure: 'Busca el nombre exacto: las métricas de la malla empiezan por istio_.',
  },
  'MALLA-OBS-16': {
    title: 'La métrica no tiene esa etiqueta',
    why: 'Comparar con una etiqueta que no existe es comparar con un texto vacío: no casa ninguna serie.',
    cure: 'Mira las etiquetas de la métrica pidiéndola sin ninguna condición.',
  },
  'MALLA-OBS-17': {
    title: 'Ninguna serie tiene ese valor en la etiqueta',
    why: 'Los valores se comparan letra a letra: un nombre parecido no casa.',
    cure: 'Mira qué valores tiene la etiqueta, con sum by (etiqueta) (…).',
  },
  'MALLA-OBS-18': {
    title: 'Prometheus no consigue recoger las cuentas de un pod',
    why: 'Lo intenta y falla: el puerto o la ruta que dicen sus anotaciones no contestan.',
    cure: 'Revisa las anotaciones prometheus.io/port y prometheus.io/path del pod.',
  },
  'MALLA-OBS-19': {
    title: 'No hay medidas: no ha habido tráfico en ese rato',
    why: 'Una tasa mira un rato (una ventana) y necesita dos recogidas con peticiones entre ellas; sin tráfico, grafo y paneles salen vacíos.',
    cure: 'Haz que llegue tráfico por la dirección de entrada y espera a que Prometheus recoja dos veces.',
  },
  'MALLA-OBS-20': {
    title: 'La consulta no está escrita donde se busca',
    why: 'El paso lee tu consulta de un ConfigMap: su nombre, su espacio de nombres y su clave deben ser esos.',
    cure: 'Comprueba con kubectl get configmap el nombre y las claves.',
  },
  'MALLA-OBS-21': {
    title: 'El pod no pide que Prometheus recoja sus cuentas',
    why: 'Prometheus solo visita los pods con la anotación prometheus.io/scrape: "true"; la inyección la pone, salvo que la plantilla diga otra cosa.',
    cure: 'Quita esa anotación de la plantilla del Deployment y deja que los pods se recreen.',
  },
  'MALLA-OBS-22': {
    title: 'Un objeto Telemetry apaga las métricas',
    why: 'Con overrides y disabled: true los proxies a los que alcanza dejan de contar, y los paneles se quedan sin datos.',
    cure: 'Quita ese override, o borra el objeto.',
  },
  'MALLA-OBS-23': {
    title: 'La consulta cuenta cada petición dos veces',
    why: 'De una petición dentro de la malla dan cuenta dos proxies: el de quien llama (source) y el de quien recibe (destination).',
    cure: 'Elige un punto de vista con la etiqueta reporter.',
  },
  'MALLA-OBS-24': {
    title: 'La consulta usa un contador sin mirar cuánto crece',
    why: 'Un contador solo sube desde que el proxy arrancó: por sí solo no dice cuántas peticiones hay ahora.',
    cure: 'Ponle una ventana y pide su crecimiento por segundo con rate(…[1m]).',
  },
  'MALLA-OBS-25': {
    title: 'La consulta da varias series y se espera un número',
    why: 'Hay una serie por cada combinación de etiquetas: quien llama, versión, código y alguna más.',
    cure: 'Júntalas con sum(…), o con sum by (le) (…) dentro de histogram_quantile.',
  },
  'MALLA-OBS-26': {
    title: 'El valor no es el que se espera',
    why: 'La consulta se entiende y hay datos, pero dan otro número.',
    cure: 'Compara lo que pides (servicio, punto de vista, códigos, ventana) con lo que dice el paso.',
  },
  'MALLA-OBS-30': {
    title: 'Jaeger no está instalado',
    why: 'Los proxies hacen los tramos y se los envían a alguien: sin un Jaeger que los guarde, se pierden.',
    cure: 'Aplica el manifiesto de Jaeger del paso y espera a que su pod esté listo.',
  },
  'MALLA-OBS-31': {
    title: 'Jaeger no contesta',
    why: 'El Service tracing existe, pero detrás no hay nadie que responda a las búsquedas.',
    cure: 'Mira sus pods: kubectl get pods -n istio-system.',
  },
  'MALLA-OBS-32': {
    title: 'Nadie ha encendido las trazas',
    why: 'Desde Istio 1.22 ningún proxy hace tramos hasta que un objeto Telemetry nombra un proveedor de trazas.',
    cure: 'Crea un Telemetry con tracing en istio-system.',
  },
  'MALLA-OBS-33': {
    title: 'La malla no guarda todas las trazas',
    why: 'randomSamplingPercentage dice qué parte de las peticiones se traza; lo decide el primer proxy, y con 0 no queda ninguna.',
    cure: 'Sube el porcentaje mientras aprendes; en producción se deja bajo.',
  },
  'MALLA-OBS-34': {
    title: 'Un objeto Telemetry apaga el envío de tramos',
    why: 'Con disableSpanReporting los proxies siguen pasando las cabeceras, pero no envían nada.',
    cure: 'Quita disableSpanReporting de ese objeto.',
  },
  'MALLA-OBS-35': {
    title: 'El proveedor de trazas apunta a un Service que no existe',
    why: 'Los proxies envían los tramos a la dirección que la configuración de la malla da al proveedor.',
    cure: 'Instala el recolector con ese nombre, o corrige el proveedor en la instalación.',
  },
  'MALLA-OBS-36': {
    title: 'Un servicio no pasa las cabeceras de la traza',
    why: 'El proxy no puede saber qué petición de salida nace de cuál de entrada: si la aplicación no copia las cabeceras, ahí empieza otra traza.',
    cure: 'Haz que ese servicio copie de la petición que recibe a las que envía: traceparent y tracestate (o x-b3-*) y x-request-id.',
  },
  'MALLA-OBS-37': {
    title: 'La traza termina antes de lo esperado',
    why: 'Un servicio que se esperaba no ha hecho tramos en esta petición: o no se le llama, o quien debía llamarlo falló.',
    cure: 'Mira el último tramo de la traza: su servicio, su estado y sus señales.',
  },
  'MALLA-OBS-38': {
    title: 'La petición no ha dejado traza',
    why: 'La configuración la pide y hay quien la guarde, pero Jaeger no la tiene: los tramos llegan por tandas, a los pocos segundos.',
    cure: 'Espera unos segundos y comprueba otra vez.',
  },
  'MALLA-OBS-39': {
    title: 'La traza tiene menos tramos de los esperados',
    why: 'En cada salto hacen un tramo el proxy de quien llama y el de quien recibe; si falta alguno, ese proxy no traza.',
    cure: 'Mira en la traza qué salto tiene un solo tramo.',
  },
  'MALLA-OBS-40': {
    title: 'El registro tiene líneas que no debía tener',
    why: 'El filtro de accessLogging decide qué peticiones se escriben; sin él, o si es demasiado ancho, se escriben todas.',
    cure: 'Revisa filter.expression en el Telemetry que alcanza al pod, y que esté en su espacio de nombres.',
  },
} satisfies Record<string, CatalogueEntry>;
