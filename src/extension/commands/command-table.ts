// Every command of the extension: what the palette calls it, what it needs, and what it does when no cluster runs.
// package.json is checked against this table (command-table.test.ts).
import type { RouteName } from '../../language/explain-route.ts';

/**
 * - `works`: needs no cluster.
 * - `starts`: starts it.
 * - `offers`: says that none runs and offers to start it; goes on if the student agrees.
 * - `hides`: not in the palette; says that none runs if called all the same.
 */
export type WithoutCluster = 'works' | 'starts' | 'offers' | 'hides';

export interface CommandDeclaration {
  title: string;
  icon: string;
  withoutCluster: WithoutCluster;
  /** Only reads: allowed in a workspace that is not trusted. */
  reads: boolean;
  /** Of the palette, beside what follows from the rest. */
  when?: string;
  /** Needs the lab whose panel is in front. */
  needsLab?: boolean;
  /** Needs a file of Istio's in front; also in the menu of the editor. */
  needsIstioFile?: boolean;
}

export const commandTable = {
  startCluster: {
    title: 'Iniciar clúster',
    icon: '$(play)',
    withoutCluster: 'starts',
    reads: false,
  },
  stopCluster: {
    title: 'Parar clúster',
    icon: '$(debug-stop)',
    withoutCluster: 'hides',
    reads: false,
    when: "malla.clusterKind != 'kubeadm'",
  },
  deleteCluster: {
    title: 'Borrar clúster…',
    icon: '$(trash)',
    withoutCluster: 'works',
    reads: false,
    when: "malla.clusterKind != 'kubeadm'",
  },
  showCluster: {
    title: 'Clúster: qué hacer…',
    icon: '$(list-selection)',
    withoutCluster: 'works',
    reads: false,
  },
  chooseCluster: {
    title: 'Elegir clúster…',
    icon: '$(server-environment)',
    withoutCluster: 'works',
    reads: false,
  },
  createKind: {
    title: 'Crear un clúster con kind…',
    icon: '$(add)',
    withoutCluster: 'works',
    reads: false,
  },
  attachCluster: {
    title: 'Unirse a un clúster que ya existe…',
    icon: '$(plug)',
    withoutCluster: 'works',
    reads: false,
  },
  releaseCluster: {
    title: 'Soltar el clúster',
    icon: '$(debug-disconnect)',
    withoutCluster: 'works',
    reads: false,
    when: "malla.clusterKind == 'kubeadm'",
  },
  proxyLog: {
    title: 'Ver el registro de un proxy',
    icon: '$(output)',
    withoutCluster: 'hides',
    reads: false,
  },
  proxyRoutes: {
    title: 'Ver las rutas de un proxy',
    icon: '$(list-tree)',
    withoutCluster: 'hides',
    reads: false,
  },
  clearVerdicts: {
    title: 'Vaciar los veredictos recientes',
    icon: '$(clear-all)',
    withoutCluster: 'works',
    reads: true,
  },
  openLab: {
    title: 'Abrir laboratorio…',
    icon: '$(book)',
    withoutCluster: 'works',
    reads: true,
  },
  openStep: {
    title: 'Abrir paso…',
    icon: '$(go-to-file)',
    withoutCluster: 'works',
    reads: true,
  },
  verifyStep: {
    title: 'Verificar paso',
    icon: '$(checklist)',
    withoutCluster: 'offers',
    reads: false,
    needsLab: true,
  },
  nextHint: {
    title: 'Pedir una pista',
    icon: '$(lightbulb)',
    withoutCluster: 'works',
    reads: true,
    needsLab: true,
  },
  showSolution: {
    title: 'Mostrar solución',
    icon: '$(eye)',
    withoutCluster: 'works',
    reads: true,
    needsLab: true,
  },
  applySolution: {
    title: 'Aplicar solución',
    icon: '$(wand)',
    withoutCluster: 'offers',
    reads: false,
    needsLab: true,
  },
  prepareLab: {
    title: 'Preparar lo anterior',
    icon: '$(checklist)',
    withoutCluster: 'offers',
    reads: false,
    needsLab: true,
  },
  openTerminal: {
    title: 'Abrir terminal',
    icon: '$(terminal)',
    withoutCluster: 'offers',
    reads: false,
  },
  openEntry: {
    title: 'Abrir la página de la malla en el navegador',
    icon: '$(globe)',
    withoutCluster: 'hides',
    reads: false,
  },
  showViews: {
    title: 'Ver la malla',
    icon: '$(graph)',
    withoutCluster: 'offers',
    reads: false,
  },
  copyKubeconfig: {
    title: 'Copiar la ruta de kubeconfig',
    icon: '$(copy)',
    withoutCluster: 'hides',
    reads: false,
  },
  copyEntry: {
    title: 'Copiar la dirección de entrada',
    icon: '$(copy)',
    withoutCluster: 'hides',
    reads: false,
  },
  applyFile: {
    title: 'Aplicar el fichero de Istio',
    icon: '$(cloud-upload)',
    withoutCluster: 'offers',
    reads: false,
    needsIstioFile: true,
  },
  previewChange: {
    title: 'Ver qué cambiaría al aplicar',
    icon: '$(diff)',
    withoutCluster: 'works',
    reads: true,
    needsIstioFile: true,
  },
  explainRoute: {
    title: 'Explicar una petición',
    icon: '$(question)',
    withoutCluster: 'works',
    reads: true,
    needsIstioFile: true,
  },
  measureRoute: {
    title: 'Medir el reparto de un VirtualService',
    icon: '$(graph)',
    withoutCluster: 'offers',
    reads: false,
    needsIstioFile: true,
  },
  nextStep: {
    title: 'Paso siguiente',
    icon: '$(arrow-right)',
    withoutCluster: 'works',
    reads: true,
    needsLab: true,
  },
  previousStep: {
    title: 'Paso anterior',
    icon: '$(arrow-left)',
    withoutCluster: 'works',
    reads: true,
    needsLab: true,
  },
  stepActions: {
    title: 'Hacer algo del paso…',
    icon: '$(run-below)',
    withoutCluster: 'works',
    reads: false,
    needsLab: true,
  },
  toggleTraffic: {
    title: 'Parar o reanudar el tráfico del laboratorio',
    icon: '$(pulse)',
    withoutCluster: 'offers',
    reads: false,
    needsLab: true,
  },
  openWalkthrough: {
    title: 'Primeros pasos',
    icon: '$(mortar-board)',
    withoutCluster: 'works',
    reads: true,
  },
  openTests: {
    title: 'Ver los laboratorios como pruebas',
    icon: '$(beaker)',
    withoutCluster: 'works',
    reads: true,
  },
  handIn: {
    title: 'Entregar…',
    icon: '$(package)',
    withoutCluster: 'works',
    reads: false,
  },
  gradeClass: {
    title: 'Calificar una clase…',
    icon: '$(mortar-board)',
    withoutCluster: 'works',
    reads: false,
  },
  refresh: {
    title: 'Actualizar',
    icon: '$(refresh)',
    withoutCluster: 'works',
    reads: false,
  },
} as const satisfies Record<string, CommandDeclaration>;

export type CommandName = keyof typeof commandTable;

export const commandId = (name: CommandName): string => `malla.${name}`;

/** What each command is called with. */
export interface CommandArguments {
  openLab: [lab?: string];
  /** Names, a node of the tree or a test: see target.ts. */
  openStep: [lab?: unknown, page?: unknown];
  verifyStep: [target?: unknown];
  showSolution: [target?: unknown];
  applySolution: [target?: unknown];
  prepareLab: [target?: unknown];
  openTerminal: [target?: unknown];
  proxyLog: [node?: unknown];
  proxyRoutes: [node?: unknown];
  explainRoute: [route?: RouteName];
  measureRoute: [route?: RouteName];
}

export type ArgumentsOf<Name extends CommandName> = Name extends keyof CommandArguments ? CommandArguments[Name] : [];

export type Handlers = { [Name in CommandName]: (...args: ArgumentsOf<Name>) => unknown };
