// Mistakes in the commands of a solution: a word typed wrong, an option left out, a command that is forgotten.
import type { Action, Step } from '../../../../src/labs/lab.ts';
import { typo } from './manifest.ts';

export interface CommandMutant {
  operator: string;
  what: string;
  /** Causes that are right to name first. */
  codes: readonly string[];
  /** Instead of the solution. */
  actions: Action[];
}

type Run = Extract<Action, { type: 'run' }>;
type Words = readonly string[];
/** Nothing when the mistake cannot be made in that command. */
type Slip = (words: Words, program: string) => Omit<CommandMutant, 'actions'> & { instead: Words | undefined };
type Operator = (run: Run) => readonly ReturnType<Slip>[];

/** In the order of the commands. */
export function commandMutants({ solution }: Step): CommandMutant[] {
  return solution.flatMap((action, turn) => {
    if (action.type !== 'run') return [];
    return operators
      .flatMap((operator) => operator(action))
      .map(({ operator, what, codes, instead }) => ({
        operator,
        what,
        codes,
        actions:
          instead === undefined
            ? solution.toSpliced(turn, 1)
            : solution.with(turn, { ...action, argv: [action.argv[0], ...instead] }),
      }));
  });
}

const operators: readonly Operator[] = [injectionLabel, forgottenRestart, profile, deployment, exposure, onMachine];

function injectionLabel({ argv: [, ...words] }: Run): ReturnType<Slip>[] {
  if (words[0] !== 'label' || !words.includes('istio-injection=enabled')) return [];
  const labelled = (what: string, codes: string[]) => ({
    operator: 'etiqueta de inyección',
    what,
    codes,
    instead: words.map((w) => (w === 'istio-injection=enabled' ? what : w)),
  });
  return [
    labelled('istio-injectio=enabled', ['MALLA-INY-02']),
    labelled('istio-inyection=enabled', ['MALLA-INY-02']),
    labelled('istio-injection=enable', ['MALLA-INY-03']),
    labelled('istio-injection=true', ['MALLA-INY-03']),
    labelled('istio-injection=disabled', ['MALLA-INY-03']),
    {
      operator: 'etiqueta en otro espacio de nombres',
      what: 'kube-public',
      codes: ['MALLA-INY-04', 'MALLA-INY-01'],
      instead: words.map((w, i) => (i === 2 ? 'kube-public' : w)),
    },
  ];
}

function forgottenRestart({ argv: [, ...words] }: Run): ReturnType<Slip>[] {
  if (words[0] !== 'rollout' || words[1] !== 'restart') return [];
  return [
    {
      operator: 'sin recrear los pods',
      what: `falta kubectl ${words.join(' ')}`,
      codes: ['MALLA-INY-05', 'MALLA-INY-08', 'MALLA-OBS-01', 'MALLA-OBS-36'],
      instead: undefined,
    },
  ];
}

/** A smaller profile lacks a gateway, or what the demo one writes in the mesh's configuration; an unknown one installs nothing. */
function profile({ argv: [program, ...words] }: Run): ReturnType<Slip>[] {
  const asked = words.find((w) => w.startsWith('profile='))?.slice('profile='.length);
  if (program !== 'istioctl' || words[0] !== 'install' || asked === undefined) return [];
  const missing = ['MALLA-INS-01', 'MALLA-INS-02', 'MALLA-INS-03', 'MALLA-INS-04', 'MALLA-OBJ-01', 'MALLA-OBJ-05'];
  const profiles = ['minimal', 'default', 'demo'];
  const smaller = profiles.slice(0, Math.max(0, profiles.indexOf(asked)));
  return [...smaller, `${asked}o`, 'empty'].map((other) => ({
    operator: 'perfil de Istio',
    what: `profile=${asked} → ${other}`,
    codes: missing,
    instead: words.map((w) => (w === `profile=${asked}` ? `profile=${other}` : w)),
  }));
}

function deployment({ argv: [, ...words] }: Run): ReturnType<Slip>[] {
  if (words[0] !== 'create' || words[1] !== 'deployment') return [];
  const image = words.findIndex((w) => w.startsWith('--image='));
  const replicas = words.findIndex((w) => w.startsWith('--replicas='));
  const name = words[2] ?? '';
  const [repository = '', tag = ''] = (words[image] ?? '').split(/:(?=[^:/]*$)/);
  return [
    ...(image < 0
      ? []
      : [
          slip(
            'imagen mal escrita',
            `${repository}x:${tag}`,
            ['MALLA-APP-02'],
            words.with(image, `${repository}x:${tag}`),
          ),
        ]),
    ...(replicas < 0 ? [] : [slip('pocas réplicas', '1', ['MALLA-APP-03'], words.toSpliced(replicas, 1))]),
    slip('otro nombre', typo(name), ['MALLA-APP-01', 'MALLA-APP-10'], words.with(2, `${name}x`)),
  ];
}

/** A Service that is not reached from outside, or that sends to a port where nobody listens. */
function exposure({ argv: [, ...words] }: Run): ReturnType<Slip>[] {
  if (words[0] !== 'expose') return [];
  const type = words.indexOf('--type=NodePort');
  const port = words.findIndex((w) => w.startsWith('--port='));
  const codes = ['MALLA-OBJ-01', 'MALLA-OBJ-02', 'MALLA-PAS-30', 'MALLA-PAS-31', 'MALLA-APP-07', 'MALLA-APP-09'];
  return [
    ...(type < 0 ? [] : [slip('Service sin NodePort', 'ClusterIP', codes, words.toSpliced(type, 1))]),
    ...(port < 0 ? [] : [slip('puerto del Service', '8081', codes, words.with(port, '--port=8081'))]),
    slip('sin exponer', words.join(' '), codes, undefined),
  ];
}

/** Each machine has to be made ready: what is forgotten on one of them is told by what kubeadm would miss there. */
function onMachine({ argv: [program, ...words] }: Run): ReturnType<Slip>[] {
  const [verb, machine = '', , ...command] = words;
  if (program !== 'malla' || verb !== 'ssh') return [];
  const text = command.join(' ');
  const forgotten = machineSlips.find(({ command: wanted }) => wanted.test(text));
  return forgotten ? [slip(`olvidar en una máquina: ${forgotten.name}`, machine, forgotten.codes, undefined)] : [];
}

const machineSlips: readonly { name: string; command: RegExp; codes: readonly string[] }[] = [
  { name: 'el swap', command: /swapoff/, codes: ['MALLA-NOD-04'] },
  { name: 'los ajustes', command: /sysctl --system/, codes: ['MALLA-NOD-10'] },
  { name: 'los programas', command: /apt-get install/, codes: ['MALLA-NOD-05', 'MALLA-NOD-11'] },
  { name: 'SystemdCgroup', command: /SystemdCgroup/, codes: ['MALLA-NOD-05', 'MALLA-NOD-06'] },
  { name: 'kubeadm init', command: /kubeadm init/, codes: ['MALLA-NOD-01'] },
  { name: 'kubeadm join', command: /kubeadm join/, codes: ['MALLA-NOD-02', 'MALLA-NOD-08'] },
];

function slip(operator: string, what: string, codes: readonly string[], instead: Words | undefined): ReturnType<Slip> {
  return { operator, what, codes, instead };
}
