// The section of docs/fidelidad.md about the Kubernetes API, from what was recorded of both clusters.
import { readRecording } from '../run/recordings.ts';
import { accepted } from './accepted.ts';
import type { Topic } from './behaviour.ts';
import { differing } from './compare.ts';
import { kubernetesSituations } from './situations.ts';

const topics: Record<Topic, string> = {
  protocolo: 'Protocolo: descubrimiento, formas, salud',
  tablas: 'Tablas y columnas',
  listas: 'Listas, selectores y vigilancias',
  escrituras: 'Crear, actualizar y parchear',
  apply: 'Apply, en el servidor y con kubectl',
  borrados: 'Borrados',
  valores: 'Valores por omisión de cada clase',
  validacion: 'Validación y lo que no se puede cambiar',
  subrecursos: 'Subrecursos',
  crd: 'CustomResourceDefinitions',
  permisos: 'Permisos, políticas y cuotas',
  ordenes: 'Órdenes de kubectl',
  'malos-datos': 'Datos malos',
};

interface Row {
  topic: Topic;
  id: string;
  differs: string[];
}

export function kubernetesSection(): string[] {
  const rows = compared();
  if (rows.length === 0) return [];
  const agreeing = rows.filter(({ differs }) => differs.length === 0).length;
  return [
    '## El API de Kubernetes',
    '',
    'Las mismas preguntas con kubectl, por HTTP y con `@kubernetes/client-node` a un Kubernetes 1.34.4 real (kind, tres nodos) y al clúster embebido: las hace `node scripts/fidelity-kubernetes.ts`. Se comparan el código, los avisos, el tipo y el cuerpo entero (o la parte que la pregunta nombra), y de kubectl el código de salida y lo que escribe; antes se quitan identificadores, fechas, direcciones y nombres de nodos.',
    '',
    `**${agreeing} de ${rows.length} comportamientos coinciden (${((100 * agreeing) / rows.length).toFixed(1).replace('.', ',')} %).**`,
    '',
    '| Tema | Comportamientos | Coinciden |',
    '|---|---|---|',
    ...Object.entries(topics).flatMap(([topic, title]) => {
      const own = rows.filter((row) => row.topic === topic);
      if (own.length === 0) return [];
      return [`| ${title} | ${own.length} | ${own.filter(({ differs }) => differs.length === 0).length} |`];
    }),
    '',
    '### Lo que aún no responde igual',
    '',
    ...kubernetesSituations.flatMap(({ id }) => unlike(id, rows)),
    '',
    '### Lo que se guarda y nadie mueve',
    '',
    'Se crean, se validan y se leen como en el real, y ningún controlador hace nada con ello:',
    '',
    ...still.map((line) => `- ${line}`),
    '',
    '### Volúmenes y planificador, de cerca',
    '',
    ...limits.map((line) => `- ${line}`),
    '',
  ];
}

/** Kinds and fields without a controller, in Spanish, for the page. */
const still = [
  'CSIDriver, CSINode, CSIStorageCapacity, VolumeAttachment y VolumeAttributesClass.',
  'Ingress e IngressClass, como en un clúster sin controlador de Ingress.',
  'CertificateSigningRequest: se firman los de `kubernetes.io/kube-apiserver-client`; a los demás firmantes nadie los atiende.',
  'RuntimeClass, FlowSchema, PriorityLevelConfiguration, IPAddress, ServiceCIDR y las clases de resource.k8s.io.',
  'Lease: cada nodo tiene el suyo en kube-node-lease, y se renueva cuando alguien lo mira.',
  'APIService: no se encamina a otro servidor; metrics.k8s.io lo sirve el propio embebido.',
  '`conversion.strategy: Webhook` de un CRD: las versiones se sirven con los mismos campos.',
];

/** Where storage and the scheduler work and stop short of a real cluster's, in Spanish, for the page. */
const limits = [
  'Hay un StorageClass `standard` (`rancher.io/local-path`), como en kind, sin el Deployment que en kind lo atiende: lo hace el propio embebido. En las máquinas del laboratorio `cluster` no lo hay, como tras `kubeadm init`.',
  'Los ficheros de emptyDir, hostPath y PersistentVolume ocupan como mucho 64 MB entre todos, y los últimos segundos de escrituras se pierden si el proceso muere de golpe; un hostPath empieza vacío. `sizeLimit`, `fsGroup` y `mountPropagation` no hacen nada.',
  'Ningún otro provisioner crea volúmenes, y ninguno los agranda: el PVC espera, como en un clúster donde ese programa no está.',
  'El planificador puntúa los nodos con los plugins y los pesos de kube-scheduler. Entre nodos con la misma puntuación, el real elige al azar; el embebido, el que tiene menos pods, y después el primero por nombre. Un pod sin dueño no se reparte según el Service que lo selecciona.',
  'No se desaloja un pod para hacer sitio a otro de más prioridad: el de más prioridad solo pasa antes en la cola.',
  'El puerto del API manda también su CA: un `curl` que no la conoce dice `self-signed certificate in certificate chain`, y ante el real `unable to get local issuer certificate`. El código de salida es el mismo, 60.',
  '`kubectl explain --output=plaintext-openapiv2`, la salida de antes, no funciona; la de siempre, sí.',
];

function compared(): Row[] {
  const [real, embedded] = [readRecording('kubernetes-real'), readRecording('kubernetes-embedded')];
  return kubernetesSituations.flatMap(({ id: situation, topic, behaviours }) =>
    Object.keys(behaviours).flatMap((name) => {
      const id = `${situation}/${name}`;
      const [a, b] = [real[id], embedded[id]];
      if (!a) return [];
      return [{ topic, id, differs: b ? differing(a, b) : ['sin preguntar'] }];
    }),
  );
}

/** One line for a situation: the names of what differs, with its reason where there is one. */
function unlike(situation: string, rows: Row[]): string[] {
  const own = rows.filter(({ id, differs }) => id.startsWith(`${situation}/`) && differs.length > 0);
  if (own.length === 0) return [];
  const names = own.map(({ id, differs }) => {
    const why = accepted[id] ?? (differs[0] === 'sin preguntar' ? 'sin preguntar todavía al embebido' : '');
    return `${id.slice(situation.length + 1)}${why ? ` (${why})` : ''}`;
  });
  return [`- \`${situation}\`: ${names.join('; ')}.`];
}
