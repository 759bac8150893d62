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
  icon?: string;
  withoutCluster: WithoutCluster;
  /** Only reads: allowed in a workspace that is not trusted. */
  reads: boolean;
  /** False: only from menus and links, because it needs something chosen there. */
  palette: boolean;
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
    palette: true,
  },
  stopCluster: {
    title: 'Parar clúster',
    icon: '$(debug-stop)',
    withoutCluster: 'hides',
    reads: false,
    palette: true,
  },
  deleteCluster: {
    title: 'Borrar clúster…',
    icon: '$(trash)',
    withoutCluster: 'works',
    reads: false,
    palette: true,
  },
  showCluster: {
    title: 'Clúster: qué hacer…',
    withoutCluster: 'works',
    reads: false,
    palette: true,
  },
  openLab: {
    title: 'Abrir laboratorio…',
    icon: '$(book)',
    withoutCluster: 'works',
    reads: true,
    palette: true,
  },
  openStep: {
    title: 'Abrir paso',
    withoutCluster: 'works',
    reads: true,
    palette: false,
  },
  verifyStep: {
    title: 'Verificar paso',
    icon: '$(checklist)',
    withoutCluster: 'offers',
    reads: false,
    palette: true,
    needsLab: true,
  },
  nextHint: {
    title: 'Pedir una pista',
    icon: '$(lightbulb)',
    withoutCluster: 'works',
    reads: true,
    palette: true,
    needsLab: true,
  },
  showSolution: {
    title: 'Mostrar solución',
    withoutCluster: 'works',
    reads: true,
    palette: true,
    needsLab: true,
  },
  applySolution: {
    title: 'Aplicar solución',
    withoutCluster: 'offers',
    reads: false,
    palette: true,
    needsLab: true,
  },
  prepareLab: {
    title: 'Preparar lo anterior',
    withoutCluster: 'offers',
    reads: false,
    palette: true,
    needsLab: true,
  },
  openTerminal: {
    title: 'Abrir terminal',
    icon: '$(terminal)',
    withoutCluster: 'offers',
    reads: false,
    palette: true,
  },
  openEntry: {
    title: 'Abrir la página de la malla en el navegador',
    icon: '$(globe)',
    withoutCluster: 'hides',
    reads: false,
    palette: true,
  },
  showViews: {
    title: 'Ver la malla',
    icon: '$(graph)',
    withoutCluster: 'offers',
    reads: false,
    palette: true,
  },
  copyKubeconfig: {
    title: 'Copiar la ruta de kubeconfig',
    withoutCluster: 'hides',
    reads: false,
    palette: true,
  },
  copyEntry: {
    title: 'Copiar la dirección de entrada',
    withoutCluster: 'hides',
    reads: false,
    palette: true,
  },
  applyFile: {
    title: 'Aplicar el fichero de Istio',
    icon: '$(cloud-upload)',
    withoutCluster: 'offers',
    reads: false,
    palette: true,
    needsIstioFile: true,
  },
  previewChange: {
    title: 'Ver qué cambiaría al aplicar',
    icon: '$(diff)',
    withoutCluster: 'works',
    reads: true,
    palette: true,
    needsIstioFile: true,
  },
  explainRoute: {
    title: 'Explicar una petición',
    icon: '$(question)',
    withoutCluster: 'works',
    reads: true,
    palette: true,
    needsIstioFile: true,
  },
  measureRoute: {
    title: 'Medir el reparto de un VirtualService',
    icon: '$(graph)',
    withoutCluster: 'offers',
    reads: false,
    palette: true,
    needsIstioFile: true,
  },
  refresh: {
    title: 'Actualizar',
    icon: '$(refresh)',
    withoutCluster: 'works',
    reads: false,
    palette: false,
  },
} as const satisfies Record<string, CommandDeclaration>;

export type CommandName = keyof typeof commandTable;

export const commandId = (name: CommandName): string => `malla.${name}`;

/** What each command is called with. */
export interface CommandArguments {
  openLab: [lab?: string];
  openStep: [lab: string, page: string];
  explainRoute: [route?: RouteName];
  measureRoute: [route?: RouteName];
}

export type ArgumentsOf<Name extends CommandName> = Name extends keyof CommandArguments ? CommandArguments[Name] : [];

export type Handlers = { [Name in CommandName]: (...args: ArgumentsOf<Name>) => unknown };
