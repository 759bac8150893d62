// What a person sees who opens the simulated Prometheus in a browser.
import type { ScrapedTarget } from './scraper.ts';

export function humanPage(targets: readonly ScrapedTarget[], series: number): string {
  const rows = targets.map(row).join('');
  return `<!doctype html><html lang="es"><meta charset="utf-8"><title>Prometheus, simulado por Malla</title>
<h1>Prometheus, simulado por Malla</h1>
<p>Este clúster es un simulador: aquí contesta el API de consulta de Prometheus (<code>/api/v1/query</code>,
<code>/api/v1/query_range</code>…), no su página. Guarda la última hora de ${series} series.</p>
<p>Mira las métricas con <code>malla panel</code> o con «Ver la malla» en VS Code, o consulta a mano:</p>
<form action="/api/v1/query"><label>PromQL <input name="query" size="80" value="sum by (destination_service) (rate(istio_requests_total{reporter=&quot;source&quot;}[1m]))"></label>
<button>Consultar</button></form>
<h2>Lo que recoge</h2>
${rows ? `<table><tr><th>Trabajo</th><th>Pod</th><th>Dirección</th><th>Estado</th></tr>${rows}</table>` : '<p>Todavía nada.</p>'}
</html>`;
}

function row({ job, address, path, labels, last }: ScrapedTarget): string {
  const state = last === undefined ? 'sin recoger' : (last.error ?? 'bien');
  const cells = [job.name, labels.get('pod') ?? '', `${address}${path}`, state];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;' };
  return text.replace(/[&<>"]/g, (char) => entities[char] ?? char);
}
