// Every cause that Malla can name: what it is, why it matters, how it is cured. docs/errores.md is written from here.

import { analysisCodes } from './codes/analysis.ts';
import { answerCodes } from './codes/answers.ts';
import { authoringCodes } from './codes/authoring.ts';
import { bundleCodes } from './codes/bundle.ts';
import { classroomCodes } from './codes/classroom.ts';
import { clusterCodes } from './codes/cluster.ts';
import { desktopEditorCodes } from './codes/desktop-editor.ts';
import { editorCodes } from './codes/editor.ts';
import type { CatalogueEntry } from './codes/entry.ts';
import { examCodes } from './codes/exam.ts';
import { faultsCodes } from './codes/faults.ts';
import { gatewayCodes } from './codes/gateway.ts';
import { handInCodes } from './codes/hand-ins.ts';
import { healthCodes } from './codes/health.ts';
import { istioSetupCodes } from './codes/istio-setup.ts';
import { istioYamlCodes } from './codes/istio-yaml.ts';
import { kindCodes } from './codes/kind.ts';
import { kubeconfigCodes } from './codes/kubeconfigs.ts';
import { machinesCodes } from './codes/machines.ts';
import { marksCodes } from './codes/marks.ts';
import { matchesCodes } from './codes/matches.ts';
import { objectCodes } from './codes/object.ts';
import { podRequestCodes } from './codes/pod-request.ts';
import { programsCodes } from './codes/programs.ts';
import { proxyCodes } from './codes/proxy.ts';
import { questionCodes } from './codes/questions.ts';
import { replayCodes } from './codes/replays.ts';
import { resilienceCodes } from './codes/resilience.ts';
import { routingCodes } from './codes/routing.ts';
import { rubricCodes } from './codes/rubric.ts';
import { securityCodes } from './codes/security.ts';
import { setUpCodes } from './codes/set-up.ts';
import { splitCodes } from './codes/split.ts';
import { startCodes } from './codes/start.ts';
import { telemetryCodes } from './codes/telemetry.ts';
import { timeoutsCodes } from './codes/timeouts.ts';
import { usageCodes } from './codes/usage.ts';
import { viewsCodes } from './codes/views.ts';

export const catalogue = {
  ...machinesCodes,
  ...analysisCodes,
  ...setUpCodes,
  ...objectCodes,
  ...routingCodes,
  ...gatewayCodes,
  ...matchesCodes,
  ...faultsCodes,
  ...timeoutsCodes,
  ...splitCodes,
  ...resilienceCodes,
  ...telemetryCodes,
  ...podRequestCodes,
  ...proxyCodes,
  ...securityCodes,
  ...answerCodes,
  ...healthCodes,
  ...clusterCodes,
  ...startCodes,
  ...programsCodes,
  ...kindCodes,
  ...kubeconfigCodes,
  ...classroomCodes,
  ...istioSetupCodes,
  ...bundleCodes,
  ...desktopEditorCodes,
  ...editorCodes,
  ...istioYamlCodes,
  ...viewsCodes,
  ...usageCodes,
  ...authoringCodes,
  ...questionCodes,
  ...handInCodes,
  ...replayCodes,
  ...rubricCodes,
  ...marksCodes,
  ...examCodes,
} satisfies Record<string, CatalogueEntry>;

export type Code = keyof typeof catalogue;

/** The areas of the codes, in the order a student meets them. */
export const areas: Record<string, string> = {
  NOD: 'Máquinas y nodos',
  INS: 'Instalación de Istio',
  INY: 'Inyección del sidecar',
  APP: 'Despliegue de la aplicación',
  OBJ: 'Objetos de Kubernetes',
  PAS: 'Pasarela de entrada (Gateway)',
  RUT: 'Rutas (VirtualService)',
  DES: 'Destinos y subsets (DestinationRule)',
  REP: 'Reparto del tráfico',
  FAL: 'Fallos inyectados (fault)',
  TIE: 'Límites de tiempo y reintentos',
  RED: 'Acceso por HTTP',
  RSL: 'Resiliencia: límites, expulsiones y caídas',
  OBS: 'Registros, métricas y trazas',
  PET: 'Peticiones desde un pod',
  PRX: 'Configuración de un proxy',
  MTL: 'mTLS (PeerAuthentication)',
  JWT: 'Tokens (RequestAuthentication)',
  AUT: 'Autorización (AuthorizationPolicy)',
  RES: 'Respuestas a lo que pregunta un paso',
  ANA: 'Análisis de Istio',
  SAL: 'Salud del clúster',
  CLU: 'Conexión con el clúster',
  KND: 'Clústeres kind',
  PRG: 'Programas que Malla ejecuta',
  KCF: 'Unirse a un clúster con un kubeconfig',
  IST: 'Istio en un clúster real',
  PAQ: 'Paquete de clase',
  AUL: 'Clúster de clase',
  EST: 'Contenido guardado del clúster',
  EDI: 'Malla en VS Code',
  YML: 'YAML de Istio en el editor',
  VIS: 'Vistas de la malla',
  USO: 'La orden malla',
  LAB: 'Escribir laboratorios',
  RUB: 'Rúbricas',
  NOT: 'Notas de una clase',
  EXA: 'Exámenes',
  SIS: 'Fallos de Malla',
  ENT: 'Entregas',
};
