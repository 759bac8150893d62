import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { kindConfig, usualImage } from './config.ts';

test('three nodes with their image and label; the known NodePorts on loopback', () => {
  const config = parse(kindConfig({ nodes: 3, image: usualImage, publish: true }));
  expect(config.networking).toEqual({ apiServerAddress: '127.0.0.1' });
  expect(config.nodes.map((n: { role: string }) => n.role)).toEqual(['control-plane', 'worker', 'worker']);
  for (const node of config.nodes)
    expect(node).toMatchObject({ image: usualImage, labels: { 'malla.dev/creado-por': 'malla' } });
  expect(config.nodes[0].extraPortMappings).toEqual(
    [31_380, 31_390].map((port) => ({
      containerPort: port,
      hostPort: port,
      listenAddress: '127.0.0.1',
      protocol: 'TCP',
    })),
  );
});

test('one node without ports publishes nothing', () => {
  const config = parse(kindConfig({ nodes: 1, image: 'kindest/node:v1.34.4', publish: false }));
  expect(config.nodes).toEqual([
    { role: 'control-plane', image: 'kindest/node:v1.34.4', labels: { 'malla.dev/creado-por': 'malla' } },
  ]);
});

test('what an image is called cannot add to the configuration', () => {
  const image = 'x\nkind: Otro\n- role: worker';
  expect(parse(kindConfig({ nodes: 1, image, publish: false })).nodes).toHaveLength(1);
});

test('the usual image is known by its digest', () => {
  expect(usualImage).toMatch(/^kindest\/node:v1\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
});
