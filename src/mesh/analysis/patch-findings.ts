// EnvoyFilters whose patches depend on others: IST0151 to IST0155.
import type { KubeObject } from '../objects.ts';
import { fields, items, text } from '../read.ts';
import { type Finding, type Level, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function riskyPatches({ envoyFilters }: Scene): Finding[] {
  const versioned = new Set<string>();
  return envoyFilters.flatMap((filter) =>
    items(fields(filter.spec).configPatches)
      .map(fields)
      .flatMap((item, index) => {
        const { match, patch, applyTo } = item;
        const name = filterName(patch, match);
        const kind = riskOf(text(fields(patch).operation) ?? '', text(applyTo) ?? '');
        const dependsOnOthers = kind === 'relative' && !fields(filter.spec).priority;
        const found = kind === 'relative' ? (dependsOnOthers ? relative(versioned.has(name)) : undefined) : kind;
        if (text(fields(fields(match).proxy).proxyVersion)) versioned.add(name);
        return found ? [finding(filter, index, found)] : [];
      }),
  );
}

interface Risk {
  code: string;
  level: Level;
  text: string;
}

const relative = (versioned: boolean): Risk =>
  versioned
    ? {
        code: 'IST0155',
        level: 'Warning',
        text: 'This EnvoyFilter does not have a priority and has a relative patch operation (NSTERT_BEFORE/AFTER, REPLACE, MERGE, DELETE) and proxyVersion set which can cause the EnvoyFilter not to be applied during an upgrade. Using the INSERT_FIRST or ADD option or setting the priority may help in ensuring the EnvoyFilter is applied correctly.',
      }
    : {
        code: 'IST0151',
        level: 'Warning',
        text: 'This EnvoyFilter does not have a priority and has a relative patch operation set which can cause the EnvoyFilter not to be applied. Using the INSERT_FIRST of ADD option or setting the priority may help in ensuring the EnvoyFilter is applied correctly.',
      };

const ignored = (code: string, operation: string): Risk => ({
  code,
  level: 'Error',
  text: `The ${operation} operation will be ignored when applyTo is set to ROUTE_CONFIGURATION, or HTTP_ROUTE.`,
});

function riskOf(operation: string, applyTo: string): Risk | 'relative' | undefined {
  const route = applyTo === 'ROUTE_CONFIGURATION' || applyTo === 'HTTP_ROUTE';
  const replaceable = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'].includes(applyTo);
  switch (operation) {
    case 'ADD':
      return route ? ignored('IST0153', 'ADD') : undefined;
    case 'REMOVE':
      return route ? ignored('IST0154', 'REMOVE') : 'relative';
    case 'REPLACE':
      return replaceable
        ? 'relative'
        : {
            code: 'IST0152',
            level: 'Error',
            text: 'The REPLACE operation is only valid for HTTP_FILTER and NETWORK_FILTER.',
          };
    case 'INSERT_BEFORE':
    case 'INSERT_AFTER':
      return 'relative';
    default:
      return undefined;
  }
}

function filterName(patch: unknown, match: unknown): string {
  const own = text(fields(fields(patch).value).name);
  return own ?? text(fields(fields(fields(fields(match).listener).filterChain).filter).name) ?? '';
}

function finding(filter: KubeObject, index: number, { code, level, text: said }: Risk): Finding {
  return { code, level, object: sourceOf(filter, `spec.configPatches[${index}].patch.value`), text: said };
}
