// /api/v1/targets.
import type { TargetLabels } from './relabel.ts';
import type { ScrapedTarget, Scraper } from './scraper.ts';

export function targetsPage({ active, dropped }: ReturnType<Scraper['targets']>, state: string): unknown {
  return {
    activeTargets: state === 'dropped' ? [] : active.map(activeTarget),
    droppedTargets: state === 'active' ? [] : dropped.map((labels) => ({ discoveredLabels: objectOf(labels) })),
    droppedTargetCounts: {},
  };
}

function activeTarget({ job, address, path, labels, discovered, last }: ScrapedTarget): unknown {
  return {
    discoveredLabels: objectOf(discovered),
    labels: objectOf(labels),
    scrapePool: job.name,
    scrapeUrl: `http://${address}${path}`,
    globalUrl: `http://${address}${path}`,
    lastError: last?.error ?? '',
    lastScrape: new Date(last?.time ?? 0).toISOString(),
    lastScrapeDuration: (last?.milliseconds ?? 0) / 1000,
    health: last ? (last.error === undefined ? 'up' : 'down') : 'unknown',
    scrapeInterval: `${job.interval / 1000}s`,
    scrapeTimeout: '10s',
  };
}

const objectOf = (labels: TargetLabels): Record<string, string> => Object.fromEntries(labels);
