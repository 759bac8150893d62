// Load from this process, with undici: as much as goes, or so many requests a second.
import { Pool } from 'undici';

const connections = 32;

export interface Load {
  /** Requests per second, as fast as they are answered. */
  flatOut(milliseconds: number): Promise<number>;
  /** Milliseconds that each request took, sent at a steady rate whatever the answers do. */
  steady(perSecond: number, milliseconds: number): Promise<number[]>;
  close(): Promise<void>;
}

export function createLoad(origin: string, path: string): Load {
  const pool = new Pool(origin, { connections });
  const send = async (): Promise<void> => {
    const { statusCode, body } = await pool.request({ method: 'GET', path });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${origin}${path} answered ${statusCode}.`);
  };
  return {
    async flatOut(milliseconds) {
      const begun = performance.now();
      let count = 0;
      const client = async () => {
        while (performance.now() < begun + milliseconds) {
          await send();
          count++;
        }
      };
      await Promise.all(Array.from({ length: connections }, client));
      return (count * 1000) / (performance.now() - begun);
    },
    async steady(perSecond, milliseconds) {
      const begun = performance.now();
      const took: number[] = [];
      const under: Promise<void>[] = [];
      for (let sent = 0; performance.now() < begun + milliseconds; ) {
        const due = ((performance.now() - begun) * perSecond) / 1000;
        for (; sent < due; sent++) {
          const start = performance.now();
          under.push(send().then(() => void took.push(performance.now() - start)));
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await Promise.all(under);
      return took;
    },
    close: () => pool.close(),
  };
}
