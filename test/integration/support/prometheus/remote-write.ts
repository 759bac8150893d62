// Samples into a real Prometheus over its remote-write protocol: protobuf in Snappy, written by hand as it is so little.
import type { GivenSeries } from '../../../../src/promql/fixtures/memory-storage.ts';
import { STALE } from '../../../../src/promql/storage.ts';

/** Sends a span of time after the other, as the receiver takes no sample that is much older than its newest. */
export async function remoteWrite(url: string, series: readonly GivenSeries[], span = 600_000): Promise<void> {
  const times = series.flatMap(({ samples }) => samples.map(([time]) => time));
  const last = Math.max(...times);
  for (let from = Math.min(...times); from <= last; from += span) {
    const part = series
      .map(({ labels, samples }) => ({ labels, samples: samples.filter(([t]) => t >= from && t < from + span) }))
      .filter(({ samples }) => samples.length > 0);
    if (part.length === 0) continue;
    const response = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body: new Uint8Array(snappy(Buffer.concat(part.map((s) => field(1, timeSeries(s)))))),
    });
    if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
  }
}

function timeSeries({ labels, samples }: GivenSeries): Buffer {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...pairs.map(([name, value]) =>
      field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
    ),
    ...samples.map(([time, value]) =>
      field(2, Buffer.concat([Buffer.of(0x09), double(value), Buffer.of(0x10), varint(time)])),
    ),
  ]);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  if (value === STALE) bytes.writeBigUInt64LE(0x7ff0000000000002n);
  else bytes.writeDoubleLE(value);
  return bytes;
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** Snappy without compression: literals of up to 64 KiB. */
function snappy(content: Buffer): Buffer {
  const parts: Buffer[] = [varint(content.length)];
  for (let from = 0; from < content.length; from += 65_536) {
    const literal = content.subarray(from, from + 65_536);
    const length = Buffer.alloc(2);
    length.writeUInt16LE(literal.length - 1);
    parts.push(Buffer.of(61 << 2), length, literal);
  }
  return Buffer.concat(parts);
}
