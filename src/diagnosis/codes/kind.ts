import type { CatalogueEntry } from './entry.ts';

/** Of kind clusters and of the tools that Malla may download. The texts are in src/cluster/kind and src/cluster/programs. */
export const kindCodes = {
  'MALLA-KND-01': {
    title: 'Falta el programa kind',
    why: 'Es el que crea el clúster local; Malla solo lo dirige.',
    cure: 'Instálalo desde su página, o con «malla kind herramientas --bajar kind».',
  },
  'MALLA-KND-02': {
    title: 'kind es demasiado antiguo',
    why: 'Las imágenes de nodo de hoy no arrancan con él.',
    cure: 'Actualízalo, o con «malla kind herramientas --bajar kind».',
  },
  'MALLA-KND-03': {
    title: 'Faltan docker, podman y nerdctl',
    why: 'Cada nodo de kind es un contenedor, y uno de ellos los ejecuta.',
    cure: 'Instala Docker, o sigue con el clúster embebido, que no lo necesita.',
  },
  'MALLA-KND-04': {
    title: 'Docker no está en marcha',
    why: 'El programa está, pero el servicio que hace el trabajo no contesta.',
    cure: 'Arráncalo: en Linux, sudo systemctl start docker; en otro sistema, abre Docker Desktop.',
  },
  'MALLA-KND-05': {
    title: 'Docker no te deja usarlo',
    why: 'En Linux solo pueden root y el grupo docker.',
    cure: 'Añade tu usuario al grupo docker y vuelve a iniciar la sesión.',
  },
  'MALLA-KND-06': {
    title: 'Docker no contesta a tiempo',
    why: 'Está en marcha, pero se ha quedado colgado.',
    cure: 'Reinícialo y repite la orden.',
  },
  'MALLA-KND-07': {
    title: 'No se entiende lo que contesta un programa',
    why: 'Un guion con el mismo nombre, o una versión muy distinta, contesta otra cosa.',
    cure: 'Comprueba con which qué programa es.',
  },
  'MALLA-KND-08': {
    title: 'Hay pocos procesadores o poca memoria',
    why: 'Kubernetes, Istio y Bookinfo a la vez necesitan al menos dos procesadores y 4 GB.',
    cure: 'Da más a la máquina o a Docker Desktop, crea un solo nodo o sigue con el clúster embebido.',
  },
  'MALLA-KND-09': {
    title: 'Un puerto que el clúster publica está ocupado',
    why: 'Por los puertos 31380 y 31390 de 127.0.0.1 se entra a la malla.',
    cure: 'Cierra el programa que lo usa, o crea el clúster con --sin-puertos.',
  },
  'MALLA-KND-10': {
    title: 'Hay poco disco',
    why: 'La imagen de los nodos y las de la malla ocupan varios gigabytes; con el disco lleno, los nodos echan a los pods.',
    cure: 'Libera espacio; docker system df dice qué ocupa cada cosa.',
  },
  'MALLA-KND-11': {
    title: 'Los cgroups no sirven',
    why: 'Los nodos reparten con ellos memoria y procesador; sin ser root hace falta la versión 2.',
    cure: 'Usa una distribución reciente, o arranca el sistema con la versión 2.',
  },
  'MALLA-KND-12': {
    title: 'No se puede conseguir la imagen de los nodos',
    why: 'No está en la máquina y no se puede bajar.',
    cure: 'Comprueba la conexión, usa un paquete de clase o di otra imagen con --imagen.',
  },
  'MALLA-KND-13': {
    title: 'Hay pocos avisos de ficheros (inotify)',
    why: 'Cada nodo gasta muchos; cuando se agotan, los programas fallan con «too many open files».',
    cure: 'Sube fs.inotify.max_user_instances y max_user_watches con sysctl.',
  },
  'MALLA-KND-14': {
    title: 'No se puede escribir el kubeconfig de Malla',
    why: 'Malla guarda el suyo en su carpeta; nunca toca el de tu usuario.',
    cure: 'Da permiso a tu usuario, libera espacio o elige otra carpeta con MALLA_HOME.',
  },
  'MALLA-KND-15': {
    title: 'Las variables de proxy pueden estorbar',
    why: 'kind se las da a los nodos, y desde ellos pueden no servir.',
    cure: 'Usa una dirección que los nodos alcancen, y completa NO_PROXY.',
  },
  'MALLA-KND-16': {
    title: 'Los nodos no están en esta misma máquina',
    why: 'Con WSL 2 o con un docker de otra máquina, los puertos, la memoria y el reloj son los de allí.',
    cure: 'Sigue lo que dice la comprobación previa.',
  },
  'MALLA-KND-20': {
    title: 'Ya hay un clúster con ese nombre, y no es de Malla',
    why: 'Malla no toca los clústeres que no ha hecho.',
    cure: 'Da permiso con --adoptar si es tuyo, o elige otro nombre con --nombre.',
  },
  'MALLA-KND-21': {
    title: 'Malla no borra un clúster que no ha hecho',
    why: 'Puede haber en él trabajo de otros.',
    cure: 'Bórralo tú con kind delete cluster.',
  },
  'MALLA-KND-22': {
    title: 'No hay ningún clúster de kind con ese nombre',
    why: 'Puede que se borrara, o que esté en otro runtime.',
    cure: 'Créalo con «malla kind crear».',
  },
  'MALLA-KND-23': {
    title: 'kind no ha podido crear el clúster',
    why: 'El mensaje lleva lo último que escribió kind. Lo que se había creado se ha borrado.',
    cure: 'Lee lo que dice y mira los problemas conocidos de kind.',
  },
  'MALLA-KND-24': {
    title: 'Una fase de la creación tarda demasiado',
    why: 'Cada fase tiene un plazo amplio; pasado, algo está atascado. Lo que se había creado se ha borrado.',
    cure: 'Mira la máquina y la red, o da más tiempo con --plazos.',
  },
  'MALLA-KND-25': {
    title: 'Los nodos no llegan a estar listos',
    why: 'El clúster está creado, pero algún nodo no pasa a Ready.',
    cure: 'Mira «malla kind estado»; para y arranca el clúster si sigue igual.',
  },
  'MALLA-KND-26': {
    title: 'Ha quedado un clúster a medias',
    why: 'La creación no terminó y tampoco se pudo borrar lo hecho.',
    cure: 'Bórralo con kind delete cluster.',
  },
  'MALLA-KND-27': {
    title: 'Un clúster de kind no puede llamarse así',
    why: 'Su nombre forma parte del de sus contenedores y nodos.',
    cure: 'Usa minúsculas, cifras y guiones.',
  },
  'MALLA-KND-30': {
    title: 'No se ha podido bajar un programa',
    why: 'La conexión, el proxy o el servidor fallan. No queda nada a medias.',
    cure: 'Repite la orden, o instala el programa desde su página oficial.',
  },
  'MALLA-KND-31': {
    title: 'Lo bajado no es lo que se esperaba',
    why: 'Su SHA-256 no es el que Malla conoce: no se guarda ni se ejecuta.',
    cure: 'Prueba desde otra red.',
  },
  'MALLA-KND-32': {
    title: 'Malla no sabe bajar ese programa para este sistema',
    why: 'Solo tiene las sumas de Linux y macOS.',
    cure: 'Instálalo desde su página oficial.',
  },
  'MALLA-KND-33': {
    title: 'El fichero bajado no trae el programa',
    why: 'La suma es buena, pero dentro no está lo que tenía que estar.',
    cure: 'Instala el programa desde su página oficial.',
  },
  'MALLA-KND-34': {
    title: 'No se puede guardar el programa bajado',
    why: 'Falta espacio o permiso en la carpeta de Malla.',
    cure: 'Libera espacio o da permiso; o elige otra carpeta con MALLA_HOME.',
  },
} satisfies Record<string, CatalogueEntry>;
