import { expect, test } from 'vitest';
import { compileRelabelling } from './relabel.ts';

const pod = new Map([
  ['__address__', '10.0.0.1:9080'],
  ['__meta_kubernetes_pod_ip', '10.0.0.1'],
  ['__meta_kubernetes_pod_annotation_prometheus_io_scrape', 'true'],
  ['__meta_kubernetes_pod_annotation_prometheus_io_port', '15020'],
  ['__meta_kubernetes_pod_label_app', 'details'],
]);
const relabel = (...configs: unknown[]) => compileRelabelling(configs)(pod);
const scrape = '__meta_kubernetes_pod_annotation_prometheus_io_scrape';

test('keep and drop decide by the whole value', () => {
  expect(relabel({ action: 'keep', source_labels: [scrape], regex: true })).toBe(pod);
  expect(relabel({ action: 'keep', source_labels: [scrape], regex: 'tru' })).toBeUndefined();
  expect(relabel({ action: 'drop', source_labels: [scrape], regex: 'tr.*' })).toBeUndefined();
});

test('replace joins its sources and writes the groups', () => {
  const changed = relabel({
    source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_port', '__meta_kubernetes_pod_ip'],
    regex: '(\\d+);((([0-9]+?)(\\.|$)){4})',
    replacement: '$2:$1',
    target_label: '__address__',
  });
  expect(changed?.get('__address__')).toBe('10.0.0.1:15020');
});

test('replace with nothing removes the label; without a match it changes nothing', () => {
  expect(relabel({ source_labels: ['nosuch'], target_label: '__address__' })?.has('__address__')).toBe(false);
  expect(relabel({ source_labels: ['nosuch'], regex: '(.+)', target_label: '__address__' })).toBe(pod);
});

test('labelmap copies by name, labeldrop removes by name', () => {
  expect(relabel({ action: 'labelmap', regex: '__meta_kubernetes_pod_label_(.+)' })?.get('app')).toBe('details');
  expect([...(relabel({ action: 'labeldrop', regex: '__meta.*' })?.keys() ?? [])]).toEqual(['__address__']);
});

test.each([[{ action: 'keep', regex: '(' }], [{ action: 'nosuch' }], ['text'], [undefined]])(
  'a rule that is none does nothing: %j',
  (rule) => expect(relabel(rule)).toBe(pod),
);
