import { request } from './portal.ts';

export interface GitHubFile {
  path: string;
  mode: string;
}

/** Looks up on GitHub what the scaffolder has made there. */
export class GitHubReader {
  readonly url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  async repositories(owner: string): Promise<string[]> {
    const repositories = await this.#get(`/orgs/${owner}/repos`);
    return repositories.map(({ name }: { name: string }) => name);
  }

  async files(
    owner: string,
    repo: string,
    ref = 'main',
  ): Promise<GitHubFile[]> {
    const { tree } = await this.#get(
      `/repos/${owner}/${repo}/git/trees/${ref}?recursive=1`,
    );
    return tree.filter(({ type }: { type: string }) => type === 'blob');
  }

  async content(owner: string, repo: string, path: string): Promise<string> {
    const file = await this.#get(
      `/repos/${owner}/${repo}/contents/${encodeURI(path)}`,
    );
    return Buffer.from(file.content, 'base64').toString();
  }

  async pullRequest(owner: string, repo: string, number: number) {
    const path = `/repos/${owner}/${repo}/pulls/${number}`;
    const pull = await this.#get(path);
    const files = await this.#get(`${path}/files`);
    return {
      title: pull.title as string,
      body: pull.body as string,
      state: pull.state as string,
      head: pull.head.ref as string,
      base: pull.base.ref as string,
      url: pull.html_url as string,
      files: files as Array<{
        filename: string;
        status: string;
        patch: string;
      }>,
    };
  }

  #get(path: string): Promise<any> {
    return request(`${this.url}/api/v3${path}`, {
      headers: { authorization: `token ${this.#token}` },
    });
  }
}
