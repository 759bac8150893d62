// malla paquete: everything that a class needs, in a folder, for machines without Internet.
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { createBundle, type ToolSource } from '../../cluster/bundle/create.ts';
import { bundleError } from '../../cluster/bundle/errors.ts';
import { fetchBundle } from '../../cluster/bundle/fetch.ts';
import { imageRuntime } from '../../cluster/bundle/image-runtime.ts';
import { archOf } from '../../cluster/bundle/manifest.ts';
import { readPulls } from '../../cluster/bundle/pulls.ts';
import { nodeInstructions, thisMachine } from '../../cluster/bundle/use.ts';
import { type OpenBundle, verifyBundle } from '../../cluster/bundle/verify.ts';
import { readChosen } from '../../cluster/chosen.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import { knownNodePorts } from '../../cluster/entry/known-node-ports.ts';
import { mallaHome } from '../../cluster/home.ts';
import { findIstioctl } from '../../cluster/istio-setup/find-istioctl.ts';
import { generateManifests } from '../../cluster/istio-setup/install.ts';
import { usualName } from '../../cluster/kind/kind-files.ts';
import { chooseImage } from '../../cluster/kind/node-image.ts';
import { findRuntime } from '../../cluster/kind/tools.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import { courseImages } from '../bundle/course-images.ts';
import { localTools } from '../bundle/local-tools.ts';
import { type Platform, readPlatforms, toolsOf } from '../bundle/other-platforms.ts';
import { bundleInUse, putToUse } from '../bundle/put-to-use.ts';
import { findLab, loadCourse } from '../course.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';

interface CreateFlags {
  laboratorios?: string[];
  arquitectura?: 'amd64' | 'arm64';
  sistemas?: Platform[];
  imagenNodo?: string;
  sinNodo?: boolean;
  sinRed?: boolean;
  valores?: string[];
  registro?: string;
  etiqueta?: string;
  si?: boolean;
  json?: boolean;
}

interface UseFlags {
  huella?: string;
  nombre: string;
  sinHerramientas?: boolean;
  si?: boolean;
  json?: boolean;
}

interface CheckFlags extends AccessOptions {
  huella?: string;
  descargas?: boolean;
  json?: boolean;
}

export function bundleCommand(program: Command, invocation: Invocation): void {
  const bundle = program.command('paquete').description('el paquete de clase: crearlo con Internet, usarlo sin ella');
  addCreate(bundle, invocation);
  addUse(bundle, invocation);
  addCheck(bundle, invocation);
}

function addCreate(bundle: Command, { host }: Invocation): void {
  bundle
    .command('crear')
    .description('junta en CARPETA las imágenes, Istio y las herramientas; si se corta, repítelo y sigue donde lo dejó')
    .argument('<CARPETA>')
    .option('--laboratorios <LABS>', 'solo lo de esos, y lo de los que necesitan; separados por comas', commas)
    .addOption(new Option('--arquitectura <ARQ>', 'de los nodos; la de esta máquina si no').choices(['amd64', 'arm64']))
    .option(
      '--sistemas <SISTEMAS>',
      'baja además las herramientas para esos: linux-amd64, darwin-arm64…',
      readPlatforms,
    )
    .option('--imagen-nodo <IMAGEN>', 'la de los nodos de kind')
    .option('--sin-nodo', 'sin la imagen de los nodos: para clústeres de kubeadm')
    .option('--sin-red', 'solo con lo que ya está en esta máquina')
    .option('--valores <FICHERO...>', 'ficheros IstioOperator tuyos, que mandan sobre lo de Malla')
    .option('--registro <HUB>', 'registro de las imágenes de Istio')
    .option('--etiqueta <TAG>', 'etiqueta de sus imágenes')
    .option(...yesOption)
    .option('--json', 'una línea de JSON')
    .action(async (folder: string, flags: CreateFlags) => create(host, resolve(host.cwd, folder), flags));
}

async function create(host: Host, folder: string, flags: CreateFlags): Promise<void> {
  const home = mallaHome(host.env);
  const places = { home, env: host.env, signal: host.signal };
  const arch = flags.arquitectura ?? archOf(process.arch);
  if (!arch) throw bundleError('MALLA-PAQ-12', `No hay imágenes del curso para ${process.arch}.`);
  const course = await loadCourse(host);
  const labs = flags.laboratorios ? flags.laboratorios.map((name) => findLab(course, name)) : course;
  const istioctl = await findIstioctl(places, host.signal);
  if (!istioctl) {
    throw new CodedError({
      code: 'MALLA-IST-21',
      happened: 'No hay istioctl en esta máquina, y sin él no se sabe qué imágenes usa Istio.',
      expected: 'El istioctl de Istio en PATH o en la carpeta de herramientas de Malla.',
      todo: 'Tráelo con «malla kind herramientas --bajar istioctl».',
    });
  }
  const settings = {
    profile: 'demo' as const,
    small: false,
    entryPorts: knownNodePorts,
    ...(flags.registro === undefined ? {} : { hub: flags.registro }),
    ...(flags.etiqueta === undefined ? {} : { tag: flags.etiqueta }),
  };
  const own = (flags.valores ?? []).map((file) => resolve(host.cwd, file));
  const manifests = await generateManifests(istioctl, settings, own, places);
  const { images, labs: covered } = courseImages(course, labs, manifests);
  const nodeImage = flags.sinNodo ? undefined : chooseImage(flags.imagenNodo, host.env);
  const tools: ToolSource[] = [
    ...(await localTools(places)),
    ...(flags.sistemas ?? []).flatMap((platform) => toolsOf(platform, host.signal)),
  ];
  const told = flags.json ? host.stderr : host.stdout;
  told.write(`Para ${covered.length} laboratorios hacen falta ${images.length} imágenes de ${arch}:\n`);
  for (const image of images) told.write(`  ${image}\n`);
  const downloads = flags.sinRed ? '' : ' Lo que falte se baja de Internet.';
  if (!(await askYes(host, `Se guardan en ${folder}.${downloads} ¿Sigo?`, flags))) return;
  const runtime = imageRuntime({ program: (await findRuntime(places)).path, env: host.env, signal: host.signal });
  const content = { arch, images, tools, labs: covered, istio: { version: istioctl.version, manifests } };
  const made = await createBundle(
    folder,
    { ...content, ...(nodeImage === undefined ? {} : { nodeImage }) },
    {
      runtime,
      pull: flags.sinRed !== true,
      now: () => new Date(),
      signal: host.signal,
      onProgress: (line) => void told.write(`  ${line}\n`),
    },
  );
  const bytes = made.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  if (flags.json) {
    const { fingerprint, kept, manifest } = made;
    return writeJson(host, { folder, fingerprint, kept, files: manifest.files.length, bytes, labs: covered, images });
  }
  host.stdout.write(
    `Paquete listo en ${folder}: ${made.manifest.files.length} ficheros, ${megabytes(bytes)} MiB.\n` +
      `Huella: ${made.fingerprint}\n` +
      'Da la huella a la clase: quien use el paquete puede comprobarlo entero con ella.\n',
  );
}

function addUse(bundle: Command, { host }: Invocation): void {
  bundle
    .command('usar')
    .description('comprueba el paquete y lo carga: herramientas, imagen de los nodos e imágenes en el clúster de kind')
    .argument('<CARPETA|URL>', 'una carpeta (un disco, por ejemplo) o una dirección de la red local')
    .option('--huella <SHA256>', 'la que dio quien hizo el paquete; con una dirección es obligatoria')
    .option('--nombre <NOMBRE>', 'el del clúster de kind', usualName)
    .option('--sin-herramientas', 'no copies kind, kubectl ni istioctl')
    .option(...yesOption)
    .option('--json', 'una línea de JSON')
    .action(async (source: string, flags: UseFlags) => {
      const told = flags.json ? host.stderr : host.stdout;
      const onProgress = (line: string): void => void told.write(`  ${line}\n`);
      const verified = await obtain(host, source, flags, onProgress);
      told.write(
        `Paquete comprobado: Istio ${verified.manifest.istio}, ${verified.manifest.files.length} ficheros. Huella: ${verified.fingerprint}\n`,
      );
      const what = flags.sinHerramientas ? 'sus imágenes' : 'sus herramientas y sus imágenes';
      if (!(await askYes(host, `¿Cargo ${what} en esta máquina?`, flags))) return;
      const chosen = await readChosen(mallaHome(host.env));
      if (chosen.kind === 'kubeadm') {
        const orders = nodeInstructions(verified, thisMachine.arch);
        if (flags.json) return writeJson(host, { kubeadm: orders });
        host.stdout.write(
          'El clúster en uso es de kubeadm, y Malla no entra en sus nodos. En cada uno, cambia NODO por su nombre:\n' +
            `${orders.map((order) => `  ${order}\n`).join('')}` +
            `Istio se instala después con «malla istio instalar --manifiestos '${join(verified.folder, 'istio/manifiestos.yaml')}'».\n`,
        );
        return;
      }
      const used = await putToUse(host, verified, { tools: !flags.sinHerramientas, name: flags.nombre, onProgress });
      if (flags.json) return writeJson(host, { fingerprint: verified.fingerprint, ...used });
      host.stdout.write(
        used.cluster
          ? `Cargado en el clúster de kind «${used.cluster}».\n`
          : 'Aún no hay clúster: créalo con «malla kind crear» y tomará las imágenes de este paquete.\n',
      );
    });
}

/** A folder is verified where it is; an address is brought first into Malla's own folder. */
async function obtain(
  host: Host,
  source: string,
  { huella }: UseFlags,
  onProgress: (line: string) => void,
): Promise<OpenBundle> {
  const verify = (folder: string): Promise<OpenBundle> =>
    verifyBundle(folder, {
      ...(huella === undefined ? {} : { fingerprint: huella }),
      signal: host.signal,
      onFile: (file) => onProgress(`✔ ${file.path}`),
    });
  if (!/^https?:\/\//i.test(source)) return verify(resolve(host.cwd, source));
  if (huella === undefined)
    throw bundleError(
      'MALLA-PAQ-10',
      'Un paquete que viene por la red necesita su huella: sin ella no se sabe si es el de la clase.',
    );
  const folder = join(
    mallaHome(host.env),
    'paquetes',
    huella
      .toLowerCase()
      .replace(/[^0-9a-f]/g, '')
      .slice(0, 16),
  );
  await fetchBundle(source, folder, { fingerprint: huella, signal: host.signal, onProgress });
  return verify(folder);
}

function addCheck(bundle: Command, { host, exit }: Invocation): void {
  withAccessOptions(bundle.command('comprobar'))
    .description('comprueba un paquete entero, o el que se usa; con --descargas, que el clúster no ha bajado nada')
    .argument('[CARPETA]')
    .option('--huella <SHA256>', 'la que dio quien hizo el paquete')
    .option('--descargas', 'mira en los sucesos del clúster en uso si algún nodo ha bajado una imagen')
    .option('--json', 'una línea de JSON')
    .action(async (folder: string | undefined, flags: CheckFlags) => {
      if (flags.descargas) return void exit(await checkPulls(host, flags));
      const where = folder === undefined ? (await bundleInUse(host))?.folder : resolve(host.cwd, folder);
      if (where === undefined)
        throw bundleError('MALLA-PAQ-01', 'No se usa ningún paquete: di qué carpeta hay que comprobar.');
      const { manifest, fingerprint } = await verifyBundle(where, {
        signal: host.signal,
        ...(flags.huella === undefined ? {} : { fingerprint: flags.huella }),
      });
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
      if (flags.json)
        return writeJson(host, {
          folder: where,
          fingerprint,
          files: manifest.files.length,
          bytes,
          labs: manifest.labs,
        });
      host.stdout.write(
        `El paquete de ${where} está entero: ${manifest.files.length} ficheros, ${megabytes(bytes)} MiB, Istio ${manifest.istio}.\n` +
          `Huella: ${fingerprint}\nLaboratorios: ${manifest.labs.join(', ')}\n`,
      );
    });
}

async function checkPulls(host: Host, flags: CheckFlags): Promise<number> {
  const cluster = await reachCluster(host, flags);
  const { verdict, pods } = await readPulls(cluster.client);
  if (flags.json) writeJson(host, { verdict, pods });
  else {
    for (const { namespace, pod, present, pulled, unknown } of pods) {
      const seen =
        pulled.length > 0
          ? `baja ${pulled.join(', ')}`
          : `${present} ya en el nodo${unknown ? '; del resto no consta nada' : ''}`;
      host.stdout.write(`  ${pulled.length > 0 ? '✘' : unknown ? '?' : '✔'} ${namespace}/${pod}: ${seen}\n`);
    }
    const ends = {
      'nada descargado': 'Ningún nodo ha bajado ninguna imagen para estos pods.',
      'hubo descargas': 'Algún nodo ha bajado imágenes, o lo ha intentado.',
      'no consta': 'No se puede saber: Kubernetes olvida los sucesos al cabo de una hora, o no hay pods.',
    };
    host.stdout.write(`${ends[verdict]}\n`);
  }
  return { 'nada descargado': exitCodes.right, 'hubo descargas': exitCodes.wrong, 'no consta': exitCodes.unverifiable }[
    verdict
  ];
}

function commas(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function megabytes(bytes: number): string {
  return new Intl.NumberFormat('es-ES').format(Math.ceil(bytes / 2 ** 20));
}

function writeJson(host: Host, value: unknown): void {
  host.stdout.write(`${JSON.stringify(value)}\n`);
}
