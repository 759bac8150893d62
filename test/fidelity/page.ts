// docs/fidelidad.md: what was asked to the real mesh and to the embedded one, and where they differ.
import type { Observation, Recording, Topic } from './behaviour.ts';
import { differences } from './run/compare.ts';
import type { Listed } from './situations.ts';
import type { TaskResult } from './tasks/task.ts';

export interface PageFacts {
  behaviours: Listed[];
  real: Recording;
  embedded: Recording;
  /** Id of the behaviour → why the difference stays. */
  accepted: Record<string, string>;
  limits: readonly string[];
  tasks: { title: string; page: string; real?: TaskResult; embedded?: TaskResult }[];
  /** Lines about the labs on a real cluster; none while nothing was recorded. */
  labs: string[];
  /** Lines about the Kubernetes API. */
  kubernetes: string[];
}

const topics: Record<Topic, string> = {
  rutas: 'Qué regla toma una petición',
  acciones: 'Qué hace una regla con ella',
  fallos: 'Fallos inyectados',
  reintentos: 'Tiempos límite y reintentos',
  destinos: 'Destinos: subsets, reparto, límites, expulsión',
  entrada: 'Entrada: gateways, TLS, Gateway API',
  seguridad: 'Seguridad',
  registro: 'Servicios conocidos y desconocidos, TCP',
  telemetria: 'Telemetría',
  'malos-datos': 'Peticiones y configuraciones raras',
  validacion: 'Validación al aplicar',
  analisis: 'istioctl analyze',
};

interface Row extends Listed {
  real: Observation;
  differs: string[];
}

export function fidelityPage(facts: PageFacts): string {
  const rows = compared(facts);
  const agreeing = rows.filter(({ differs }) => differs.length === 0).length;
  return `${[
    '# Fidelidad',
    '',
    'Esta página la escribe `node scripts/fidelity-page.ts` con las grabaciones de `test/fidelity/recordings` y `test/real/recordings`: no la edites.',
    '',
    'Las mismas preguntas, hechas por el mismo programa (`npm run fidelity`) con los mismos kubectl, istioctl y curl, a una malla real y al clúster embebido.',
    'La real: Kubernetes 1.34.4 en tres nodos kind, el istiod, el pilot-agent y el istioctl de Istio (rama principal tras 1.31) y Envoy 1.39.3 sin los filtros propios de Istio; por eso las métricas `istio_*` no están aquí.',
    'De cada respuesta se comparan el código, todas las cabeceras, el cuerpo, el código de salida de curl, el tiempo cuando es parte de la respuesta y las líneas de registro de los proxies; se quitan antes direcciones, fechas, identificadores y nombres de pods. Los repartos se comparan como muestras de una misma distribución.',
    '',
    `**${agreeing} de ${rows.length} comportamientos coinciden (${percent(agreeing, rows.length)}).**`,
    '',
    ...summary(rows),
    '',
    '## Diferencias',
    '',
    ...differencesList(rows, facts.accepted),
    '',
    '## Otros límites conocidos',
    '',
    ...facts.limits.map((limit) => `- ${limit}`),
    '',
    '## Tareas de la documentación de Istio',
    '',
    ...tasksTable(facts.tasks),
    '',
    ...facts.kubernetes,
    ...facts.labs,
    '## Todos los comportamientos',
    ...Object.entries(topics).flatMap(([topic, title]) => topicTable(topic, title, rows)),
  ].join('\n')}\n`;
}

function compared({ behaviours, real, embedded }: PageFacts): Row[] {
  return behaviours.flatMap((listed) => {
    const [a, b] = [real[listed.id], embedded[listed.id]];
    if (!a) return [];
    return [{ ...listed, real: a, differs: b ? differences(a, b) : ['no se pudo preguntar al embebido'] }];
  });
}

function summary(rows: Row[]): string[] {
  const lines = Object.entries(topics).map(([topic, title]) => {
    const own = rows.filter(({ situation }) => situation.topic === topic);
    return `| ${title} | ${own.length} | ${own.filter(({ differs }) => differs.length === 0).length} |`;
  });
  return ['| Tema | Comportamientos | Coinciden |', '|---|---|---|', ...lines];
}

function differencesList(rows: Row[], accepted: Record<string, string>): string[] {
  const differing = rows.filter(({ differs }) => differs.length > 0);
  if (differing.length === 0) return ['Ninguna.'];
  return differing.flatMap(({ id, behaviour, differs }) => [
    `- **${behaviour.title}** (\`${id}\`)${accepted[id] ? `: ${accepted[id]}` : ''}`,
    ...differs.slice(0, 4).map((line) => `  - ${code(clip(line, 300))}`),
  ]);
}

function tasksTable(tasks: PageFacts['tasks']): string[] {
  const cell = (result: TaskResult | undefined) =>
    result ? (result.failed.length === 0 ? `sí (${result.steps} pasos)` : `no: ${result.failed.join('; ')}`) : '–';
  return [
    'Sus órdenes, con los ficheros de ejemplo de Istio, y la salida que la documentación dice. Lo que se ha cambiado de ellas: los espacios de nombres se llaman fid-*, los objetos cortos van en una línea, la imagen de fortio no se descarga otra vez, las claves de JWT van dentro del objeto, el gateway TCP se llama por su Service (desde fuera, su puerto no siempre se abre), el sitio de fuera es un pod sin malla, y lo que la página mira en un navegador se pregunta por la misma dirección con curl. La columna de la malla real está vacía donde aún no se ha grabado o donde esa malla no puede (sin los filtros de Istio no hay métricas).',
    '',
    '| Tarea | Página | Malla real | Embebido |',
    '|---|---|---|---|',
    ...tasks.map(({ title, page, real, embedded }) => `| ${title} | \`${page}\` | ${cell(real)} | ${cell(embedded)} |`),
  ];
}

function topicTable(topic: string, title: string, rows: Row[]): string[] {
  const own = rows.filter(({ situation }) => situation.topic === topic);
  return [
    '',
    `### ${title}`,
    '',
    '| Comportamiento | La malla real | ¿Igual? |',
    '|---|---|---|',
    ...own.map(
      ({ behaviour, real, differs }) =>
        `| ${plainText(behaviour.title)} | ${code(clip(inShort(real), 110))} | ${differs.length === 0 ? 'sí' : '**no**'} |`,
    ),
  ];
}

function inShort(seen: Observation): string {
  if (seen.kind === 'shares') {
    const total = Object.values(seen.counts).reduce((sum, n) => sum + n, 0);
    return Object.entries(seen.counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, n]) => `${name.replaceAll('~', '')}: ${Math.round((100 * n) / total)} %`)
      .join(', ');
  }
  if (seen.kind === 'text') return seen.text.replaceAll('\n', ' · ') || '(nada)';
  const flags = Object.values(seen.logs)[0]?.[0]?.split(' | ')[1]?.split(' ').slice(1, 3).join(' ');
  const answer = seen.exit === 0 ? String(seen.status) : `curl ${seen.exit}`;
  return [answer, flags && flags !== '- via_upstream' ? flags : '', seen.ms ? `${(seen.ms / 1000).toFixed(1)} s` : '']
    .concat(seen.headers.location ?? '', seen.body.replaceAll(/\s+/g, ' '))
    .filter(Boolean)
    .join(' · ');
}

const clip = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const plainText = (text: string) => text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('<', '&lt;');

/** Inline code in a table: a bar would end the cell. */
function code(text: string): string {
  const shown = text.replaceAll('|', '¦').replaceAll('\n', ' ').trim();
  const fence = shown.includes('`') ? '``' : '`';
  return shown ? `${fence}${shown.startsWith('`') ? ' ' : ''}${shown}${shown.endsWith('`') ? ' ' : ''}${fence}` : '';
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1).replace('.', ',')} %`;
}
