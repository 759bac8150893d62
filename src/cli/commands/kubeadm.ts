// malla kubeadm: joining a cluster that is already there.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readChosen } from '../../cluster/chosen.ts';
import { makeOwnPlace, ownPlace } from '../../cluster/classroom/own-place.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import { mallaHome } from '../../cluster/home.ts';
import { attach, detach, type Look, lookAt, withClient } from '../../cluster/kubeadm/attach.ts';
import { readKubeconfigs } from '../../cluster/kubeadm/find-kubeconfigs.ts';
import { printable } from '../../cluster/kubeadm/kubeconfig-error.ts';
import { listContexts, type PickedContext, pickContext } from '../../cluster/kubeadm/pick-context.ts';
import { agreeOption } from '../agree-option.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import type { Host, Invocation } from '../host.ts';
import { describeJoining, describeLook } from '../kubeadm/describe-look.ts';
import { confirmByName } from '../kubeadm/type-name.ts';

interface ReadOptions {
  kubeconfig?: string;
  acepto?: string[];
  json?: boolean;
}

interface LookOptions extends ReadOptions {
  contexto?: string;
  espacio?: string;
}

interface JoinOptions extends LookOptions {
  confirmo?: string;
  todoElCluster?: boolean;
  si?: boolean;
}

export function kubeadmCommand(program: Command, { host }: Invocation): void {
  const kubeadm = program.command('kubeadm').description('un clúster que ya existe: mirarlo, unirse a él, soltarlo');
  const home = mallaHome(host.env);

  withReading(kubeadm.command('contextos'))
    .description('los contextos de tu kubeconfig, sin usar ninguno')
    .action(async (options: ReadOptions) => {
      const contexts = listContexts(await readConfig(host, options));
      if (options.json) return writeJson(host, { contexts });
      if (contexts.length === 0) host.stdout.write('No hay ningún contexto.\n');
      for (const c of contexts) {
        const held = c.held.length > 0 ? `  [${c.held.join(', ')}]` : '';
        host.stdout.write(`${c.current ? '* ' : '  '}${printable(c.name)}  ${printable(c.server)}${held}\n`);
      }
    });

  withLooking(kubeadm.command('mirar'))
    .description('qué clúster es y qué haría unirse a él; no cambia nada')
    .action(async (options: LookOptions) => {
      const { picked, look: whole } = await see(host, options);
      const look = stayingIn(whole, {});
      if (options.json)
        return writeJson(host, {
          ...seen(picked, look),
          told: describeLook(picked, look) + describeJoining(picked, look, join(home, 'kubeadm', 'kubeconfig')),
        });
      host.stdout.write(describeLook(picked, look));
      for (const sign of look.survey.production) host.stdout.write(`  Ojo: ${sign}.\n`);
      if (look.refusal) throw look.refusal;
      host.stdout.write(describeJoining(picked, look, join(home, 'kubeadm', 'kubeconfig')));
    });

  withLooking(kubeadm.command('unir'))
    .description('trabaja en ese clúster: lo enseña, pregunta y guarda una copia de ese contexto')
    .option('--confirmo <CONTEXTO>', 'el nombre del contexto, si el clúster parece de producción')
    .option('--todo-el-cluster', 'los laboratorios no se quedan en un espacio, aunque parezca de producción')
    .option(...yesOption)
    .action(async (options: JoinOptions) => {
      const { picked, look: whole } = await see(host, options);
      const look = stayingIn(whole, options);
      if (!options.json) host.stdout.write(describeLook(picked, look));
      if (look.refusal) throw look.refusal;
      if (!options.json) host.stdout.write(describeJoining(picked, look, join(home, 'kubeadm', 'kubeconfig')));
      // In a place of a class cluster there is nothing of others to harm.
      await confirmByName(host, picked.name, whole.place ? [] : look.survey.production, options.confirmo);
      if (options.confirmo === undefined && !(await askYes(host, '¿Sigo?', options))) {
        host.stdout.write('No he cambiado nada.\n');
        return;
      }
      if (look.place === ownPlace) await makePlace(host, picked, look, options);
      const chosen = await attach(home, picked, look, { agreed: new Set(options.acepto), now: Date.now });
      if (options.json) return writeJson(host, { joined: true, ...chosen });
      host.stdout.write(`Hecho. Desde ahora se trabaja en «${printable(picked.name)}».\n`);
    });

  kubeadm
    .command('soltar')
    .description('olvida ese clúster y borra la copia; en el clúster no se toca nada')
    .option('--json', 'una línea de JSON')
    .action(async (options: { json?: boolean }) => {
      const before = await readChosen(home);
      const released = await detach(home);
      if (options.json) return writeJson(host, { released });
      host.stdout.write(
        released && before.kind === 'kubeadm'
          ? `Suelto «${printable(before.context)}». Desde ahora se trabaja en el embebido.\n`
          : 'No había ningún clúster al que estuvieras unido.\n',
      );
    });
}

function withReading(command: Command): Command {
  return command
    .option('--kubeconfig <FICHERO>', 'ese fichero, en vez de los de KUBECONFIG o ~/.kube/config')
    .addOption(agreeOption())
    .option('--json', 'una línea de JSON');
}

function withLooking(command: Command): Command {
  return withReading(command)
    .option('--contexto <NOMBRE>', 'cuál; por defecto, el actual')
    .option('--espacio <NOMBRE>', 'los laboratorios se quedan en ese espacio de nombres');
}

function readConfig(host: Host, { kubeconfig, acepto }: ReadOptions) {
  const where = { file: kubeconfig, env: host.env, home: host.env.HOME ?? homedir(), cwd: host.cwd };
  return readKubeconfigs(where, new Set(acepto));
}

async function see(host: Host, options: LookOptions): Promise<{ picked: PickedContext; look: Look }> {
  const picked = pickContext(await readConfig(host, options), options.contexto);
  const look = await lookAt(picked, { agreed: new Set(options.acepto), namespace: options.espacio, now: Date.now });
  return { picked, look };
}

/** On a cluster that others use, and where nobody says another, the labs stay in a place that is made for them. */
function stayingIn(look: Look, { todoElCluster }: Pick<JoinOptions, 'todoElCluster'>): Look {
  if (look.namespace !== undefined || look.survey.production.length === 0 || todoElCluster) return look;
  return { ...look, namespace: ownPlace.namespace, place: ownPlace };
}

async function makePlace(host: Host, picked: PickedContext, { survey }: Look, { acepto }: JoinOptions): Promise<void> {
  const [istio] = survey.meshes.istio;
  if (!istio)
    throw new CodedError({
      code: 'MALLA-KCF-46',
      happened: 'Ese clúster lo usan otros y no tiene Istio: los laboratorios que caben en un espacio lo necesitan.',
      expected: 'Un clúster de otros con Istio, o uno solo para practicar.',
      todo: 'Si el clúster es para practicar, repite la orden con --todo-el-cluster; si no, trabaja en el embebido.',
    });
  const { namespace, revision } = istio;
  await withClient(picked, { agreed: new Set(acepto), now: Date.now }, (client) =>
    makeOwnPlace(client, { istio: namespace, revision: revision === 'default' ? '' : revision }),
  );
  host.stderr.write(`Hecho el espacio ${ownPlace.namespace}, con su pasarela.\n`);
}

function seen(picked: PickedContext, look: Look) {
  const { refusal, ...rest } = look;
  return {
    context: picked.name,
    server: picked.server,
    dangers: picked.dangers,
    ...rest,
    ...(refusal ? { refusal: { code: refusal.code, happened: refusal.happened, todo: refusal.todo } } : {}),
  };
}

function writeJson(host: Host, value: unknown): void {
  host.stdout.write(`${JSON.stringify(value)}\n`);
}
