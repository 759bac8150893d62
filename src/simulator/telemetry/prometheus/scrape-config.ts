// prometheus.yml: what is scraped, how often. Untrusted; what it says of things that are not simulated is left out.
import { parse } from 'yaml';
import { fields, items, text } from '../../../mesh/read.ts';
import { parseDuration } from '../../../promql/text.ts';
import { compileRelabelling, type Relabelling } from './relabel.ts';

export interface ScrapeConfig {
  jobs: readonly ScrapeJob[];
  /** Milliseconds. */
  interval: number;
  evaluationInterval: number;
}

export interface ScrapeJob {
  name: string;
  /** Milliseconds. */
  interval: number;
  path: string;
  scheme: string;
  honorLabels: boolean;
  /** Whether it looks for pods, and for the ports of Services. */
  roles: readonly string[];
  namespaces: readonly string[] | undefined;
  static: readonly { address: string; labels: ReadonlyMap<string, string> }[];
  relabel: Relabelling;
}

const MINUTE = 60_000;
const LEAST_INTERVAL = 1_000;

/** Undefined when the text is no YAML. */
export function readScrapeConfig(written: string): ScrapeConfig | undefined {
  let root: Readonly<Record<string, unknown>>;
  try {
    root = fields(parse(written));
  } catch {
    return undefined;
  }
  const global = fields(root.global);
  const interval = duration(global.scrape_interval) ?? MINUTE;
  return {
    interval,
    evaluationInterval: duration(global.evaluation_interval) ?? MINUTE,
    jobs: items(root.scrape_configs).map((job, index) => readJob(fields(job), interval, index)),
  };
}

function readJob(job: Readonly<Record<string, unknown>>, interval: number, index: number): ScrapeJob {
  const discoveries = items(job.kubernetes_sd_configs).map(fields);
  const namespaces = discoveries.flatMap((d) => items(fields(d.namespaces).names).filter((n) => typeof n === 'string'));
  return {
    name: text(job.job_name) ?? `job-${index}`,
    interval: Math.max(LEAST_INTERVAL, duration(job.scrape_interval) ?? interval),
    path: text(job.metrics_path) ?? '/metrics',
    scheme: text(job.scheme) ?? 'http',
    honorLabels: job.honor_labels === true,
    roles: discoveries.flatMap((d) => text(d.role) ?? []),
    namespaces: namespaces.length > 0 ? namespaces : undefined,
    static: items(job.static_configs).flatMap((config) => {
      const { targets, labels } = fields(config);
      const own = new Map(Object.entries(fields(labels)).map(([name, value]) => [name, String(value)]));
      return items(targets)
        .filter((t) => typeof t === 'string')
        .map((address) => ({ address, labels: own }));
    }),
    relabel: compileRelabelling(job.relabel_configs),
  };
}

function duration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) || undefined : undefined;
}
