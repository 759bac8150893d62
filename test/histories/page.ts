import { type Results, totalOf } from './results.ts';

/** docs/historias.md. */
export function historiesPage(results: Results): string {
  const total = totalOf(results);
  const planted = Object.entries(results.planted);
  const found = planted.filter(([, seed]) => seed !== 'no');
  const { pieces } = results;
  return `# Historias

Ocho clientes escriben, leen y miran a la vez el API del clúster embebido sobre su almacén, con conexiones cortadas, compactación y
muertes del proceso a mitad de una escritura. Todo sale de una semilla, así que una historia se puede repetir. De cada una se
comprueba que los *watches* cumplen las nueve garantías de etcd y que las escrituras son linealizables (\`test/histories\`).

Se juegan con \`node scripts/histories.ts --historias 1000\`, también a trozos: \`--desde 201 --historias 200\`. Con \`--semilla N\` se
repite una y no se apunta. Esta página la escribe esa orden.

| | |
|---|---|
| Historias | ${figure(total.histories)}, de ${pieces
    .map(({ asked }) => figure(asked))
    .filter(isNew)
    .join(' y ')} operaciones |
| Operaciones | ${figure(total.operations)} |
| Escrituras | ${figure(total.writes)} |
| Sucesos recibidos por los watches | ${figure(total.events)} |
| Watches cortados y retomados | ${figure(total.resumed)} |
| Conflictos (409) | ${figure(total.conflicts)} |
| Peticiones sin respuesta | ${figure(total.unanswered)} |
| **Historias que rompen alguna garantía** | **${figure(total.broken)}** |
| Tiempo | ${figure(total.seconds)} s |

## Fallos plantados

Para saber que las comprobaciones encuentran algo, se juegan también historias sobre almacenes con un fallo a propósito. Encontrados:
${found.length} de ${planted.length}.

| Fallo | Historia que lo encuentra |
|---|---|
${planted.map(([name, seed]) => `| ${name} | ${seed === 'no' ? 'ninguna' : `semilla ${seed}`} |`).join('\n')}
`;
}

function isNew(text: string, at: number, all: string[]): boolean {
  return all.indexOf(text) === at;
}

function figure(value: number): string {
  return new Intl.NumberFormat('es-ES').format(value);
}
