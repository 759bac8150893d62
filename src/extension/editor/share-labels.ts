// What stands beside each weight after measuring: its real share among the destinations of its rule.
import type { WrittenRoute } from '../../language/routes-in-file.ts';
import type { Range } from '../../language/text.ts';
import { t } from '../l10n.ts';
import type { MeasuredSplit } from './measured-split.ts';

/**
 * Rules that no request has passed by have none. Proxies count by destination: what other rules send to the same one is
 * counted with it.
 */
export function shareLabels(route: WrittenRoute, { destinations }: MeasuredSplit): { range: Range; label: string }[] {
  const counted = new Map(destinations.map(({ host, subset, requests }) => [`${host} ${subset}`, requests]));
  return route.rules.flatMap((rule) => {
    const counts = rule.map(({ host, subset }) => counted.get(`${host} ${subset}`) ?? 0);
    const total = counts.reduce((sum, count) => sum + count, 0);
    // A single destination shares with nobody.
    if (total === 0 || rule.length < 2) return [];
    return rule.map(({ range }, index) => {
      const count = counts[index] ?? 0;
      const share = ((count / total) * 100).toFixed(1).replace('.', ',');
      return { range, label: t('medido: {0} % ({1} de {2})', share, count, total) };
    });
  });
}
