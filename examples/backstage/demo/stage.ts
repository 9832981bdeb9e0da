import type { GitHubReader } from './github.ts';
import { PortalUser } from './portal.ts';
import type { Terminal } from './terminal.ts';

/** What the acts play on. */
export class Stage {
  readonly terminal: Terminal;
  readonly url: string;
  readonly github: GitHubReader;
  /** All that the backend has logged so far. */
  readonly backendLog: () => string;
  readonly #users = new Map<string, Promise<PortalUser>>();

  constructor(options: {
    terminal: Terminal;
    url: string;
    github: GitHubReader;
    backendLog: () => string;
  }) {
    this.terminal = options.terminal;
    this.url = options.url;
    this.github = options.github;
    this.backendLog = options.backendLog;
  }

  signIn(name: string): Promise<PortalUser> {
    const signedIn = this.#users.get(name) ?? PortalUser.signIn(this.url, name);
    this.#users.set(name, signedIn);
    return signedIn;
  }
}
