// malla istio: looks whether Istio fits on the cluster in use, installs it, and adds the views that come with it.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Command, Option } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import type { Cluster } from '../../cluster/contract.ts';
import { knownNodePorts } from '../../cluster/entry/known-node-ports.ts';
import { mallaHome } from '../../cluster/home.ts';
import { viewCluster } from '../../cluster/istio-setup/cluster-view.ts';
import { pinEntryPorts } from '../../cluster/istio-setup/entry-ports.ts';
import { type FoundIstioctl, findIstioctl } from '../../cluster/istio-setup/find-istioctl.ts';
import type { Finding } from '../../cluster/istio-setup/finding.ts';
import {
  claimNamespace,
  type InstallOptions,
  installFromManifests,
  installWithIstioctl,
} from '../../cluster/istio-setup/install.ts';
import { isRefused, isSmall, preflight } from '../../cluster/istio-setup/preflight.ts';
import { courseRelease } from '../../cluster/istio-setup/releases.ts';
import type { IstioSettings } from '../../cluster/istio-setup/settings.ts';
import { tools } from '../../tools/tools.ts';
import { type AccessOptions, reachCluster, studentEnvironment, withAccessOptions } from '../access.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';
import { minutes } from '../minutes.ts';
import { addAddons } from './istio-extras.ts';

interface CommonOptions extends AccessOptions {
  json?: boolean;
}

interface InstallFlags extends CommonOptions {
  perfil: IstioSettings['profile'];
  valores?: string[];
  manifiestos?: string;
  registro?: string;
  etiqueta?: string;
  puertosAlAzar?: boolean;
  recursos: 'auto' | 'pequenos' | 'normales';
  plazo: number;
  si?: boolean;
}

export function istioCommand(program: Command, invocation: Invocation): void {
  const istio = program.command('istio').description('Istio en el clúster en uso: comprobar, instalar, extras');
  addCheck(istio, invocation);
  addInstall(istio, invocation);
  addEntry(istio, invocation);
  addAddons(istio, invocation);
}

function addCheck(istio: Command, { host, exit }: Invocation): void {
  withAccessOptions(istio.command('comprobar'))
    .description('si Istio cabe en el clúster y qué se lo impediría; no cambia nada')
    .option('--version-istio <VERSION>', 'la que se instalaría; si no, la de tu istioctl')
    .option('--json', 'una línea de JSON')
    .action(async (options: CommonOptions & { versionIstio?: string }) => {
      const cluster = await reachCluster(host, options);
      const version = options.versionIstio ?? (await realIstioctl(host))?.version ?? courseRelease;
      const view = await viewCluster(cluster.client);
      const findings = preflight(view, version);
      if (isRefused(findings)) exit(exitCodes.wrong);
      if (options.json)
        return writeJson(host, { version, refused: isRefused(findings), small: isSmall(view), findings });
      host.stdout.write(`Istio ${version} en el clúster en uso (${cluster.access.kind}):\n${describe(findings)}`);
      host.stdout.write(isRefused(findings) ? 'Así no se puede instalar.\n' : 'Se puede instalar.\n');
    });
}

function addInstall(istio: Command, { host }: Invocation): void {
  withAccessOptions(istio.command('instalar'))
    .description('instala Istio con tu istioctl, o con manifiestos: comprueba antes, y pregunta')
    .addOption(
      new Option('--perfil <PERFIL>', 'perfil de Istio').choices(['demo', 'default', 'minimal']).default('demo'),
    )
    .addOption(
      new Option('--recursos <CUANTOS>', 'lo que piden istiod y los proxies')
        .choices(['auto', 'pequenos', 'normales'])
        .default('auto'),
    )
    .option('--valores <FICHERO...>', 'ficheros IstioOperator tuyos, que mandan sobre lo de Malla')
    .option('--manifiestos <FICHERO>', 'sin istioctl: lo que escribió «istioctl manifest generate»')
    .option('--registro <HUB>', 'registro de las imágenes de Istio, por ejemplo docker.io/istio')
    .option('--etiqueta <TAG>', 'etiqueta de sus imágenes')
    .option(
      '--puertos-al-azar',
      `no fijes los NodePort de la entrada en ${knownNodePorts.plain} y ${knownNodePorts.secure}`,
    )
    .option('--plazo <MINUTOS>', 'cuánto se espera como mucho', minutes, 10)
    .option(...yesOption)
    .option('--json', 'una línea de JSON')
    .action(async (options: InstallFlags) => {
      const cluster = await reachCluster(host, options);
      const istioctl = await realIstioctl(host);
      const version = istioctl?.version ?? courseRelease;
      const view = await viewCluster(cluster.client);
      const findings = preflight(view, version);
      if (!options.json) host.stdout.write(describe(findings));
      const refusal = findings.find((f) => f.level === 'impide');
      if (refusal) throw refused(refusal);
      const small = options.recursos === 'auto' ? isSmall(view) : options.recursos === 'pequenos';
      const what = `Istio ${version}, perfil ${options.perfil}${small ? ', con pocos recursos' : ''}`;
      if (!(await askYes(host, `¿Instalo ${what}?`, options))) {
        host.stdout.write('No he tocado nada.\n');
        return;
      }
      const began = performance.now();
      const settings = settingsOf(options, small);
      await install(host, cluster, istioctl, settings, options, view.simulated);
      await cluster.refreshEntry?.();
      const seconds = Math.round((performance.now() - began) / 1000);
      const { entry } = cluster.access;
      if (options.json) return writeJson(host, { installed: version, small, seconds, ...(entry && { entry }) });
      host.stdout.write(`Istio ${version} instalado en ${seconds} s.${entry ? ` Entrada: ${entry}` : ''}\n`);
    });
}

async function install(
  host: Host,
  cluster: Cluster,
  istioctl: FoundIstioctl | undefined,
  settings: IstioSettings,
  flags: InstallFlags,
  simulated: boolean,
): Promise<void> {
  const options: InstallOptions = {
    client: cluster.client,
    kubeconfig: cluster.access.kubeconfig,
    env: host.env,
    deadline: flags.plazo * 60_000,
    signal: host.signal,
    onProgress: (line) => void (flags.json ? host.stderr : host.stdout).write(`  ${line}\n`),
  };
  if (flags.manifiestos !== undefined) {
    const yaml = await readText(resolve(host.cwd, flags.manifiestos));
    await installFromManifests(yaml, options);
    if (settings.entryPorts) await pinEntryPorts(cluster.client, settings.entryPorts);
  } else if (istioctl) {
    const own = (flags.valores ?? []).map((file) => resolve(host.cwd, file));
    await installWithIstioctl(istioctl, settings, own, options);
  } else if (simulated) {
    await withOwnTool(host, options, settings.profile);
  } else {
    throw new CodedError({
      code: 'MALLA-IST-21',
      happened: 'No hay istioctl en esta máquina.',
      expected: 'El istioctl de Istio en PATH o en la carpeta de herramientas de Malla, o un fichero de manifiestos.',
      todo: '«malla kind herramientas» dice dónde conseguirlo y puede traerlo; un paquete de clase también lo lleva («malla paquete usar»).',
    });
  }
}

/** The embedded cluster does with Malla's own istioctl, which does all that it does there. */
async function withOwnTool(host: Host, { client, kubeconfig, signal }: InstallOptions, profile: string): Promise<void> {
  await claimNamespace(client);
  const output = new PassThrough();
  const chunks: Buffer[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  const stdin = new PassThrough();
  stdin.end();
  const env = await studentEnvironment(host, kubeconfig);
  const context = { streams: { stdin, stdout: output, stderr: output }, env, cwd: host.cwd, signal };
  const exitCode = await tools.istioctl(['install', '--set', `profile=${profile}`, '-y'], context);
  if (exitCode === 0) return;
  throw new CodedError({
    code: 'MALLA-IST-23',
    happened: `La instalación no ha terminado bien: ${Buffer.concat(chunks).toString('utf8').trim().slice(-300)}`,
    expected: 'Que istioctl terminara con el código 0.',
    todo: 'Lee lo que dice y repite la orden: instalar dos veces no estropea nada.',
  });
}

function addEntry(istio: Command, { host }: Invocation): void {
  withAccessOptions(istio.command('entrada'))
    .description(
      `fija los NodePort de la puerta de entrada en ${knownNodePorts.plain} (HTTP) y ${knownNodePorts.secure} (HTTPS)`,
    )
    .option('--json', 'una línea de JSON')
    .action(async (options: CommonOptions) => {
      const cluster = await reachCluster(host, options);
      const changed = await pinEntryPorts(cluster.client, knownNodePorts);
      await cluster.refreshEntry?.();
      const { entry } = cluster.access;
      if (options.json) return writeJson(host, { changed, ...(entry && { entry }) });
      host.stdout.write(`${changed ? 'Fijados' : 'Ya lo estaban'}.${entry ? ` Entrada: ${entry}` : ''}\n`);
    });
}

async function realIstioctl(host: Host): Promise<FoundIstioctl | undefined> {
  return findIstioctl({ env: host.env, home: mallaHome(host.env) }, host.signal);
}

function settingsOf({ perfil, registro, etiqueta, puertosAlAzar }: InstallFlags, small: boolean): IstioSettings {
  return {
    profile: perfil,
    small,
    ...(puertosAlAzar ? {} : { entryPorts: knownNodePorts }),
    ...(registro === undefined ? {} : { hub: registro }),
    ...(etiqueta === undefined ? {} : { tag: etiqueta }),
  };
}

function refused({ code = 'MALLA-IST-05', text, cure = '' }: Finding): CodedError {
  return new CodedError({
    code,
    happened: text,
    expected: 'Un clúster en el que Istio se pueda instalar.',
    todo: cure,
  });
}

const marks = { bien: '✔', aviso: '!', impide: '✘' } as const;

function describe(findings: readonly Finding[]): string {
  return findings
    .map(({ level, text, code, cure }) => {
      const tail = code ? ` [${code}]` : '';
      return `  ${marks[level]} ${text}${tail}\n${cure ? `      ${cure}\n` : ''}`;
    })
    .join('');
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CodedError({
      code: 'MALLA-IST-24',
      happened: `No se puede leer ${path}.`,
      expected: 'Un fichero de manifiestos.',
      todo: 'Comprueba la ruta y los permisos.',
      cause,
    });
  }
}

function writeJson(host: Host, value: unknown): void {
  host.stdout.write(`${JSON.stringify(value)}\n`);
}
