import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const END_WITH_PARENT = [
  '--import',
  new URL('./endWithParent.ts', import.meta.url).href,
];

/** A server in a process of its own, which ends with us. */
export class Server {
  readonly name: string;
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #log = '';

  private constructor(name: string, logFile: string, child: ChildProcess) {
    this.name = name;
    this.logFile = logFile;
    this.#child = child;
    this.#ended = new Promise(resolve => {
      child.once('error', () => resolve(null));
      child.once('close', resolve);
    });
    const file = createWriteStream(logFile);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        file.write(text);
      });
    }
  }

  /** Starts `node` with the arguments; what it prints goes to `logFile`. */
  static start(options: {
    name: string;
    args: string[];
    cwd: string;
    env: Record<string, string>;
    logFile: string;
  }): Server {
    const child = spawn(
      process.execPath,
      [...END_WITH_PARENT, ...options.args],
      {
        cwd: options.cwd,
        env: { ...process.env, ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
        // In a group of its own: Ctrl-C is for us, and we end our servers one after the other.
        detached: true,
      },
    );
    return new Server(options.name, options.logFile, child);
  }

  /** All that it has printed so far. */
  get log(): string {
    return this.#log;
  }

  /** Its exit code, once it has ended. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits until `url` answers with a success; rejects with the end of the log if the server ends before. */
  async waitUntilReady(url: string, timeoutSeconds = 120): Promise<void> {
    const deadline = Date.now() + timeoutSeconds * 1000;
    while (!(await answers(url))) {
      const reason = await Promise.race([
        this.#ended.then(code => `ended with ${code}`),
        sleep(200),
      ]);
      if (reason || Date.now() > deadline) {
        throw new Error(
          `${this.name} ${
            reason ?? `is not ready after ${timeoutSeconds} s`
          }\n${this.#log
            .trimEnd()
            .split('\n')
            .slice(-30)
            .join('\n')}\n(all of it: ${this.logFile})`,
        );
      }
    }
  }

  /** Asks it to end, and insists after five seconds. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.#ended;
    clearTimeout(insist);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
