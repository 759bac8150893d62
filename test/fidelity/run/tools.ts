// The programs that ask the questions: kubectl, istioctl and curl of this machine, pointed at one cluster.
import { execFile } from 'node:child_process';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Tools {
  kubectl(args: string[], input?: string): Promise<Outcome>;
  istioctl(args: string[], input?: string): Promise<Outcome>;
  curl(args: string[]): Promise<Outcome>;
}

export interface Programs {
  /** Each is a program and its first arguments. */
  kubectl: string[];
  istioctl: string[];
  curl: string[];
}

export const fromPath: Programs = { kubectl: ['kubectl'], istioctl: ['istioctl'], curl: ['curl'] };

export function createTools(env: Record<string, string | undefined>, programs: Programs): Tools {
  const start = (program: string[]) => (args: string[], input?: string) => run([...program, ...args], env, input);
  return { kubectl: start(programs.kubectl), istioctl: start(programs.istioctl), curl: start(programs.curl) };
}

function run(argv: string[], env: Record<string, string | undefined>, input = ''): Promise<Outcome> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, timeout: 90_000, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, stderr: error && typeof error.code === 'string' ? `${error.message}` : stderr });
    });
    // A program that ends without reading closes its end first.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
