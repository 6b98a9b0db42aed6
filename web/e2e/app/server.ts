/** The real binary, started on a free port over an empty directory of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = process.env.PERENNIAL_BIN;

const START_MS = 60_000;

export interface TestServer {
  /** `http://127.0.0.1:PORT`. */
  base: string;
  /** Where the owner is made, once. */
  setupLink: string;
  folder: string;
  stop(): Promise<void>;
}

function binary(): string {
  if (!BINARY) throw new Error('PERENNIAL_BIN must name the binary under test');
  return BINARY;
}

/** Runs a command of the binary to its end. */
export function run(...args: string[]): void {
  const { status, stderr } = spawnSync(binary(), args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`perennial ${args.join(' ')}: ${stderr}`);
}

/** The same, while what a server says meanwhile is heard: one that is not heard waits at last. */
export function runBeside(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary(), args, { stdio: 'ignore' });
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`perennial ${args.join(' ')} ended (${code})`)),
    );
  });
}

/** What it says until it has said both addresses. */
function addresses(child: ChildProcess): Promise<{ base: string; setupLink: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`no link after ${START_MS} ms: ${said}`)), START_MS);
    const hear = (bytes: Buffer) => {
      said += bytes.toString();
      const [setupLink, base] = said.match(/(http:\/\/[\d.:]+)\/setup\?token=\S+/) ?? [];
      if (!setupLink || !base) return;
      clearTimeout(timer);
      resolve({ base, setupLink });
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the server ended (${code}): ${said}`)));
  });
}

/** With arguments of its own, which may name paths in the test's folder. */
export async function startServer(args: (folder: string) => string[] = () => []): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-e2e-'));
  const data = join(folder, 'data');
  const child = spawn(binary(), ['serve', '--data', data, '--listen', '127.0.0.1:0', ...args(folder)]);
  const told = await addresses(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ...told,
    folder,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
