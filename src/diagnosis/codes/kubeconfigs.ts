import type { CatalogueEntry } from './entry.ts';

const agree =
  'Si sabes de dónde viene y es lo que esperas, acéptalo por su nombre con --acepto y su código; si no, no lo uses.';

/** Of joining a cluster that is already there. The texts that people read at that moment are in src/cluster/kubeadm. */
export const kubeconfigCodes = {
  'MALLA-KCF-01': {
    title: 'El kubeconfig no se puede leer',
    why: 'No existe, o tu usuario no tiene permiso.',
    cure: 'Comprueba la ruta y los permisos, o da otro con --kubeconfig.',
  },
  'MALLA-KCF-02': {
    title: 'El kubeconfig no es un fichero corriente',
    why: 'Una carpeta no se lee, y un dispositivo o una tubería pueden no acabar nunca.',
    cure: 'Da la ruta del fichero mismo; si te llega por una tubería, guárdalo antes en un fichero.',
  },
  'MALLA-KCF-03': {
    title: 'El kubeconfig es demasiado grande',
    why: 'Uno con cien clústeres y sus certificados cabe en medio megabyte: lo que pasa de uno no es un kubeconfig.',
    cure: 'Saca solo tu contexto con «kubectl config view --minify --flatten --context NOMBRE».',
  },
  'MALLA-KCF-04': {
    title: 'El kubeconfig no es texto en UTF-8',
    why: 'Es binario, o se guardó con otra codificación: en PowerShell, «>» escribe UTF-16.',
    cure: 'Guárdalo otra vez como UTF-8.',
  },
  'MALLA-KCF-05': {
    title: 'El kubeconfig no se entiende',
    why: 'No es YAML válido, o no tiene la forma de un kubeconfig.',
    cure: 'Compruébalo con «kubectl config view --kubeconfig FICHERO».',
  },
  'MALLA-KCF-06': {
    title: 'El kubeconfig usa alias de YAML',
    why: 'No los necesita, y con ellos unas pocas líneas ocupan gigas de memoria.',
    cure: 'Escríbelo sin alias, o pide otro.',
  },
  'MALLA-KCF-07': {
    title: 'No hay contexto que usar',
    why: 'Un kubeconfig puede tener muchos, y el que se pide no está, o no se dice ninguno.',
    cure: 'Mira los que hay con «malla kubeadm contextos» y elige uno con --contexto.',
  },
  'MALLA-KCF-08': {
    title: 'El contexto está incompleto',
    why: 'Su clúster o su usuario no está en el kubeconfig, o su dirección o su espacio de nombres no valen.',
    cure: 'Pide el fichero otra vez a quien administra el clúster.',
  },
  'MALLA-KCF-09': {
    title: 'Las credenciales del kubeconfig están rotas',
    why: 'Un certificado, una clave o un token no es lo que dice ser, o no casan entre sí.',
    cure: 'Pide el fichero otra vez: a este le falta algo o se ha cortado al copiarlo.',
  },
  'MALLA-KCF-10': {
    title: 'El usuario del contexto se hace pasar por otro',
    why: 'Con «as» o «as-groups» lo que haces se apunta a nombre de otro usuario.',
    cure: 'Usa un contexto cuyo usuario sea el que hace las prácticas.',
  },
  'MALLA-KCF-11': {
    title: 'El certificado de cliente no está en vigor',
    why: 'Los de kubeadm duran un año. También pasa si la fecha de esta máquina está mal.',
    cure: 'En el plano de control, «kubeadm certs renew admin.conf», y copia otra vez el fichero; o corrige la fecha.',
  },
  'MALLA-KCF-20': {
    title: 'El kubeconfig ejecuta un programa',
    why: 'Un exec plugin es una orden que se ejecuta en tu máquina, con tu usuario, cada vez que se piden credenciales.',
    cure: agree,
  },
  'MALLA-KCF-21': {
    title: 'El kubeconfig usa un proveedor de identidad',
    why: 'Un auth-provider puede ejecutar programas de tu máquina y enviar credenciales a otro sitio.',
    cure: agree,
  },
  'MALLA-KCF-22': {
    title: 'El kubeconfig lee ficheros de fuera de su carpeta',
    why: 'Un kubeconfig ajeno podría hacer que Malla lea un fichero tuyo y lo guarde en su copia.',
    cure: agree,
  },
  'MALLA-KCF-23': {
    title: 'El kubeconfig usa un fichero de token',
    why: 'Lo que haya en ese fichero se envía al clúster en cada petición, sea un token o no.',
    cure: agree,
  },
  'MALLA-KCF-24': {
    title: 'El kubeconfig pasa por un proxy',
    why: 'Todo el tráfico con el clúster va por una máquina que elige el kubeconfig.',
    cure: agree,
  },
  'MALLA-KCF-25': {
    title: 'El kubeconfig no comprueba el certificado del clúster',
    why: 'Quien esté en medio puede hacerse pasar por el clúster y quedarse con tus credenciales.',
    cure: agree,
  },
  'MALLA-KCF-26': {
    title: 'El kubeconfig habla sin cifrar',
    why: 'Con http, credenciales y datos viajan a la vista de toda la red.',
    cure: agree,
  },
  'MALLA-KCF-27': {
    title: 'El kubeconfig acepta el certificado de otro servidor',
    why: 'Con tls-server-name se comprueba un nombre que no es el de la dirección.',
    cure: agree,
  },
  'MALLA-KCF-28': {
    title: 'El kubeconfig es un enlace simbólico',
    why: 'Lo que se lee es otro fichero, que puede no ser el que crees.',
    cure: agree,
  },
  'MALLA-KCF-29': {
    title: 'Otros usuarios pueden cambiar el kubeconfig',
    why: 'Quien lo cambie decide a qué clúster vas y qué se ejecuta.',
    cure: `Quita ese permiso con «chmod go-w FICHERO». ${agree}`,
  },
  'MALLA-KCF-30': {
    title: 'El clúster parece de producción',
    why: 'Los laboratorios crean, cambian y borran objetos: en un clúster que usan otros, eso se nota.',
    cure: 'Si es el que quieres, confírmalo escribiendo el nombre de su contexto.',
  },
  'MALLA-KCF-40': {
    title: 'La versión de Kubernetes no vale',
    why: 'Los laboratorios y los Istio que admiten funcionan de Kubernetes 1.29 a 1.36.',
    cure: 'Actualiza el clúster, usa otro, o trabaja en el embebido.',
  },
  'MALLA-KCF-41': {
    title: 'El clúster ya tiene otra malla',
    why: 'Dos mallas que se ponen en el camino del mismo tráfico se estorban, y ambient no usa sidecars, que es lo que se enseña.',
    cure: 'Usa un clúster sin malla, o con un Istio de sidecars.',
  },
  'MALLA-KCF-42': {
    title: 'El reloj de esta máquina y el del clúster no coinciden',
    why: 'Los certificados y los tokens valen desde un momento hasta otro, y los registros se buscan por su hora.',
    cure: 'Pon en hora las dos máquinas.',
  },
  'MALLA-KCF-43': {
    title: 'A tu usuario le faltan permisos',
    why: 'Un laboratorio a medias es peor que ninguno: se mira antes todo lo que va a hacer falta.',
    cure: 'Pídelos a quien administra el clúster, o quédate en un espacio tuyo con --espacio.',
  },
  'MALLA-KCF-44': {
    title: 'Ningún nodo del clúster está listo',
    why: 'Sin nodos no arranca ningún pod.',
    cure: 'Mira «kubectl get nodes»: suele faltar la red de pods.',
  },
  'MALLA-KCF-45': {
    title: 'El certificado del clúster no vale',
    why: 'Ha caducado, es de otro clúster o está a nombre de otra dirección: no se sabe con quién se habla.',
    cure: 'Renuévalo con «kubeadm certs renew all», o copia otra vez el kubeconfig.',
  },
  'MALLA-KCF-46': {
    title: 'El clúster lo usan otros y no tiene Istio',
    why: 'Los laboratorios que se quedan en un espacio de nombres usan un Istio ya instalado; los que lo instalan cambian el clúster entero.',
    cure: 'Si es un clúster para practicar, únete con --todo-el-cluster; si no, trabaja en el embebido.',
  },
} satisfies Record<string, CatalogueEntry>;
