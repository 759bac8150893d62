// What can go wrong with kind and with what it runs on, said so that it can be cured.
import { CodedError } from '../coded-error.ts';
import { ProgramError, tailOf } from '../programs/program-error.ts';

export const pages = {
  kind: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  docker: 'https://docs.docker.com/engine/install/',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
  istioctl: 'https://istio.io/latest/docs/setup/additional-setup/download-istio-release/',
  knownIssues: 'https://kind.sigs.k8s.io/docs/user/known-issues/',
} as const;

export function noKind(): CodedError {
  return new CodedError({
    code: 'MALLA-KND-01',
    happened: 'No encuentro el programa kind en esta máquina.',
    expected: 'kind en PATH, o en la carpeta de herramientas de Malla.',
    todo: `Instálalo (${pages.kind}), o deja que Malla lo baje con «malla kind herramientas --bajar kind».`,
  });
}

export function oldKind(version: string, oldest: string): CodedError {
  return new CodedError({
    code: 'MALLA-KND-02',
    happened: `kind es la versión ${version}, demasiado antigua.`,
    expected: `kind ${oldest} o posterior.`,
    todo: `Actualízalo (${pages.kind}), o deja que Malla baje otro con «malla kind herramientas --bajar kind».`,
  });
}

export function noRuntime(): CodedError {
  return new CodedError({
    code: 'MALLA-KND-03',
    happened: 'No encuentro docker, podman ni nerdctl en esta máquina.',
    expected: 'Uno de ellos: cada nodo de kind es un contenedor.',
    todo: `Instala Docker (${pages.docker}), o sigue con el clúster embebido: «malla cluster usar embebido».`,
  });
}

export function garbled(program: string, output: string, cause?: unknown): CodedError {
  return new CodedError({
    code: 'MALLA-KND-07',
    happened: `No se entiende lo que contesta ${program}: «${tailOf(output, 2).slice(0, 200)}».`,
    expected: 'La respuesta de ese programa, en la forma que dan sus versiones.',
    todo: 'Comprueba con «which» que es el programa que crees, y que no es un guion que escribe otra cosa.',
    cause,
  });
}

/** Of a runtime that does not serve: stopped, without permission, silent. Other errors come back as they are. */
export function explainRuntime(name: string, error: unknown): unknown {
  if (!(error instanceof ProgramError)) return error;
  const { trouble, stderr, stdout } = error;
  const wrote = stderr || stdout;
  if (trouble === 'tiempo')
    return new CodedError({
      code: 'MALLA-KND-06',
      happened: `${name} no contesta: ${error.happened}`,
      expected: `Que «${name} version» conteste en unos segundos.`,
      todo: `Reinicia ${name} (en Linux, «sudo systemctl restart ${name}»; en otro sistema, Docker Desktop) y repite la orden.`,
      cause: error,
    });
  if (trouble !== 'código') return error;
  if (/permission denied/i.test(wrote))
    return new CodedError({
      code: 'MALLA-KND-05',
      happened: `${name} no te deja usarlo: ${tailOf(wrote, 2)}`,
      expected: `Que tu usuario pueda hablar con ${name}.`,
      todo: 'En Linux: «sudo usermod -aG docker $USER», y vuelve a iniciar la sesión. Quien está en ese grupo puede hacer de todo en la máquina.',
      cause: error,
    });
  return new CodedError({
    code: 'MALLA-KND-04',
    happened: `${name} está instalado, pero no funciona: ${tailOf(wrote, 3) || `código ${error.exitCode}`}`,
    expected: `${name} en marcha.`,
    todo: `Arráncalo (en Linux, «sudo systemctl start ${name}»; en otro sistema, abre Docker Desktop) y repite la orden.`,
    cause: error,
  });
}

/** Of `kind create cluster`, by what it wrote. */
export function explainCreate(error: ProgramError, image: string): CodedError {
  const wrote = `${error.stdout}\n${error.stderr}`;
  const said = tailOf(error.stderr || error.stdout, 6);
  const found = creationTroubles.find(({ signs }) => signs.test(wrote));
  const trouble = found ?? unknownTrouble;
  return new CodedError({ ...trouble.say(said, image), code: trouble.code, cause: error });
}

interface CreationTrouble {
  code: string;
  signs: RegExp;
  say(said: string, image: string): { happened: string; expected: string; todo: string };
}

const creationTroubles: readonly CreationTrouble[] = [
  {
    code: 'MALLA-KND-20',
    signs: /already exist for a cluster with the name/i,
    say: () => ({
      happened: 'Acaba de aparecer otro clúster de kind con ese nombre.',
      expected: 'Que el nombre esté libre.',
      todo: 'Mira cuál es con «kind get clusters» y repite la orden.',
    }),
  },
  {
    code: 'MALLA-KND-10',
    signs: /no space left on device/i,
    say: (said) => ({
      happened: `El disco se ha llenado mientras se creaba el clúster: ${said}`,
      expected: 'Unos 10 GB libres donde el runtime guarda sus imágenes.',
      todo: 'Libera espacio («docker system df» dice qué ocupa) y repite la orden.',
    }),
  },
  {
    code: 'MALLA-KND-09',
    signs: /port is already allocated|address already in use|ports are not available/i,
    say: (said) => ({
      happened: `Un puerto del clúster está ocupado: ${said}`,
      expected: 'Los puertos que se publican, libres en 127.0.0.1.',
      todo: 'Cierra el programa que lo usa, o crea el clúster con --sin-puertos.',
    }),
  },
  {
    code: 'MALLA-KND-12',
    signs: /failed to pull image|manifest (for .* )?(unknown|not found)|pull access denied|no such image/i,
    say: (said, image) => ({
      happened: `No se puede conseguir la imagen de los nodos, ${image}: ${said}`,
      expected: 'Esa imagen en la máquina, o Internet para bajarla.',
      todo: 'Comprueba la conexión. Sin Internet: «malla paquete usar», o --imagen con una que ya tengas («docker images kindest/node»).',
    }),
  },
  {
    code: 'MALLA-KND-13',
    signs: /too many open files|inotify/i,
    say: (said) => ({
      happened: `Los nodos se quedan sin avisos de ficheros (inotify): ${said}`,
      expected: 'Al menos 512 instancias y 524288 avisos.',
      todo: '«sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288», y repite la orden.',
    }),
  },
  {
    code: 'MALLA-KND-14',
    signs: /kubeconfig.*(permission denied|read-only|failed to write)|failed to lock config file/i,
    say: (said) => ({
      happened: `kind no puede escribir el kubeconfig: ${said}`,
      expected: 'Una carpeta de Malla en la que tu usuario pueda escribir.',
      todo: 'Da permiso a tu usuario, o elige otra carpeta con MALLA_HOME.',
    }),
  },
  {
    code: 'MALLA-KND-04',
    signs: /cannot connect to the docker daemon|is the docker daemon running/i,
    say: (said) => ({
      happened: `El runtime ha dejado de funcionar: ${said}`,
      expected: 'docker en marcha mientras se crea el clúster.',
      todo: 'Arráncalo y repite la orden.',
    }),
  },
];

const unknownTrouble: CreationTrouble = {
  code: 'MALLA-KND-23',
  signs: /./,
  say: (said) => ({
    happened: `kind no ha podido crear el clúster: ${said || 'no dice por qué'}`,
    expected: 'Que «kind create cluster» terminara bien.',
    todo: `Mira los problemas conocidos de kind (${pages.knownIssues}) y repite la orden; lo que se había creado se ha borrado.`,
  }),
};

export function phaseTooLong(phase: string, seconds: number): CodedError {
  return new CodedError({
    code: 'MALLA-KND-24',
    happened: `kind lleva más de ${seconds.toLocaleString('es')} s en «${phase}»: Malla lo ha parado y ha borrado lo que había creado.`,
    expected: 'Que cada fase termine en su plazo.',
    todo: 'Mira si la máquina está muy ocupada o la red muy lenta; puedes dar más tiempo con --plazos 3 (tres veces más).',
  });
}

export function nodesNotReady(names: readonly string[], seconds: number): CodedError {
  return new CodedError({
    code: 'MALLA-KND-25',
    happened: `A los ${seconds.toLocaleString('es')} s no están listos todos los nodos: falta ${names.join(', ') || 'el API'}.`,
    expected: 'Todos los nodos del clúster en Ready.',
    todo: 'Mira «malla kind estado» dentro de un minuto. Si sigue igual, «malla kind parar» y «malla kind arrancar».',
  });
}

export function cleanUpFailed(name: string, cause: unknown): CodedError {
  const why = cause instanceof CodedError ? cause.happened : String(cause);
  return new CodedError({
    code: 'MALLA-KND-26',
    happened: `No se ha podido borrar lo que se había creado de «${name}»: ${why}`,
    expected: 'Que no quede nada de un clúster a medias.',
    todo: `Bórralo a mano: «kind delete cluster --name ${name}».`,
    cause,
  });
}

export function notOurs(name: string): CodedError {
  return new CodedError({
    code: 'MALLA-KND-20',
    happened: `Ya hay un clúster de kind que se llama «${name}», y no lo ha hecho Malla.`,
    expected: 'Un nombre libre, o tu permiso para trabajar en ese clúster.',
    todo: 'Si es tuyo y quieres usarlo, repite la orden con --adoptar. Si no, elige otro nombre con --nombre.',
  });
}

export function notMadeByMalla(name: string): CodedError {
  return new CodedError({
    code: 'MALLA-KND-21',
    happened: `El clúster «${name}» no lo ha hecho Malla: no lo borra.`,
    expected: 'Un clúster creado con «malla kind crear».',
    todo: `Si quieres borrarlo, hazlo tú: «kind delete cluster --name ${name}».`,
  });
}

export function noCluster(name: string): CodedError {
  return new CodedError({
    code: 'MALLA-KND-22',
    happened: `No hay ningún clúster de kind que se llame «${name}».`,
    expected: 'Un clúster creado con «malla kind crear».',
    todo: 'Créalo con «malla kind crear»; «malla kind comprobar» dice antes si la máquina puede con él.',
  });
}

export function cannotWriteKubeconfig(path: string, cause: unknown): CodedError {
  return new CodedError({
    code: 'MALLA-KND-14',
    happened: `No se puede escribir ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    expected: 'Una carpeta de Malla en la que tu usuario pueda escribir, con espacio libre.',
    todo: 'Da permiso a tu usuario, libera espacio, o elige otra carpeta con MALLA_HOME.',
    cause,
  });
}

export function badName(name: string): CodedError {
  return new CodedError({
    code: 'MALLA-KND-27',
    happened: `«${name.slice(0, 60)}» no vale como nombre de un clúster de kind.`,
    expected: 'Minúsculas, cifras y guiones, como «malla»; 40 letras como mucho.',
    todo: 'Elige otro nombre.',
  });
}
