import type { CatalogueEntry } from './entry.ts';

export const clusterCodes = {
  'MALLA-CLU-10': {
    title: 'El kubeconfig no se puede usar',
    why: 'De él salen la dirección del clúster y las credenciales.',
    cure: 'Comprueba que el fichero existe, que es YAML válido y que su contexto nombra un clúster y un usuario.',
  },
  'MALLA-CLU-11': {
    title: 'El clúster no contesta',
    why: 'La conexión se rechaza, se corta, falla el TLS o no hay respuesta a tiempo.',
    cure: 'Comprueba que el clúster está en marcha y que la dirección del kubeconfig es la suya.',
  },
  'MALLA-CLU-12': {
    title: 'El clúster no acepta las credenciales',
    why: 'El token o el certificado del kubeconfig no vale o ha caducado.',
    cure: 'Consigue un kubeconfig vigente.',
  },
  'MALLA-CLU-13': {
    title: 'Las credenciales no tienen permiso',
    why: 'El clúster sabe quién eres, pero no te deja hacer eso.',
    cure: 'Usa un usuario con permiso de administración del clúster de prácticas.',
  },
  'MALLA-CLU-14': {
    title: 'El clúster rechaza la petición',
    why: 'El objeto o la petición no es válido; el mensaje del servidor dice por qué.',
    cure: 'Corrige lo que el mensaje señala.',
  },
  'MALLA-CLU-15': {
    title: 'El clúster falló al atender la petición',
    why: 'Es un error interno del servidor, no de lo que se le pidió.',
    cure: 'Inténtalo otra vez; si sigue, mira los registros del API.',
  },
  'MALLA-CLU-30': {
    title: 'No se entiende con qué clúster trabajas',
    why: 'Malla guarda en cluster.json, en su carpeta, el clúster elegido; ese fichero está dañado o no se puede leer.',
    cure: 'Elige otra vez con «malla cluster usar»: el fichero se escribe de nuevo.',
  },
  'MALLA-CLU-31': {
    title: 'No se puede guardar con qué clúster trabajas',
    why: 'Falta permiso en la carpeta de Malla, o espacio en el disco.',
    cure: 'Da permiso a tu usuario, libera espacio o elige otra carpeta con MALLA_HOME.',
  },
  'MALLA-CLU-32': {
    title: 'No estás unido a ningún clúster kubeadm',
    why: 'Malla solo trabaja en un clúster ajeno después de que te unas a él.',
    cure: 'Únete con «malla kubeadm unir»; enseña antes lo que haría.',
  },
} satisfies Record<string, CatalogueEntry>;
