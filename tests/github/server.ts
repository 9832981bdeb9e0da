import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentRoutes } from './contents.ts';
import { gitDataRoutes } from './gitData.ts';
import { HttpError, notFound, readBody, type Route } from './http.ts';
import type { GitHub } from './json.ts';
import { pageRoutes } from './pages.ts';
import { answerGraphql, pullRequestRoutes } from './pullRequests.ts';
import { repositoryRoutes } from './repositories.ts';
import { serveGit } from './smartHttp.ts';
import { Store } from './store.ts';

const GIT_PATH =
  /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export interface GitHubStandIn {
  url: string;
  host: string;
  store: Store;
  /** Requests that no route matched; a test of Backstage expects none. */
  unknown: string[];
  close(): Promise<void>;
}

/**
 * Starts a GitHub Enterprise of our own on the loopback interface: pages and git below `/`,
 * REST below `/api/v3`, GraphQL at `/api/graphql`, over bare git repositories in a temporary directory.
 */
export async function startGitHub(options: {
  port: number;
  token: string;
  /** Public repositories to begin with: `acme/name` and the directory whose files they hold. */
  repositories: Record<string, string>;
  log?: (line: string) => void;
}): Promise<GitHubStandIn> {
  const root = await mkdtemp(join(tmpdir(), 'goldenpath-github-'));
  const removeRoot = () => rm(root, { recursive: true, force: true });
  const store = new Store(root);
  const server = createServer();
  try {
    for (const [name, directory] of Object.entries(options.repositories)) {
      await store.seed(name, directory);
    }
    await listen(server, options.port);
  } catch (error) {
    await removeRoot();
    throw error;
  }
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github: GitHub = {
    store,
    webUrl: `http://${host}`,
    apiUrl: `http://${host}/api/v3`,
  };
  const unknown: string[] = [];
  const answer = makeAnswer(github, options.token, unknown);
  server.on(
    'request',
    async (request: IncomingMessage, response: ServerResponse) => {
      try {
        await answer(request, response);
      } catch (error) {
        sendError(response, error);
      }
      options.log?.(`${request.method} ${request.url} ${response.statusCode}`);
    },
  );
  return {
    url: github.webUrl,
    host,
    store,
    unknown,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await removeRoot();
    },
  };
}

function listen(server: HttpServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function makeAnswer(github: GitHub, token: string, unknown: string[]) {
  const rest = [
    ...repositoryRoutes(github),
    ...contentRoutes(github),
    ...gitDataRoutes(github),
    ...pullRequestRoutes(github),
  ];
  const pages = pageRoutes(github);

  return async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', github.webUrl);
    const { pathname } = url;
    if (GIT_PATH.test(pathname)) {
      await answerGit(github, token, request, response, url);
    } else if (pathname === '/api/graphql' && request.method === 'POST') {
      authenticate(request, token);
      sendJson(
        response,
        200,
        await answerGraphql(github, await readBody(request)),
      );
    } else if (pathname.startsWith('/api/v3/')) {
      authenticate(request, token);
      await answerRoute(
        rest,
        request,
        response,
        url,
        pathname.slice('/api/v3'.length),
        unknown,
      );
    } else {
      await answerRoute(pages, request, response, url, pathname, unknown);
    }
  };
}

async function answerRoute(
  routes: Route[],
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string,
  unknown: string[],
) {
  for (const { method, pattern, handle } of routes) {
    // Node leaves out the body of an answer to HEAD.
    const wanted = request.method === 'HEAD' ? 'GET' : request.method;
    const match = wanted === method ? pattern.exec(path) : undefined;
    if (match) {
      const parameters = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [
          name,
          decodeURIComponent(value),
        ]),
      );
      const body = await readBody(request);
      const answer = await handle({ request, response, url, parameters, body });
      if (answer) {
        sendJson(response, answer.status, answer.json);
      }
      return;
    }
  }
  unknown.push(`${request.method} ${path}`);
  throw notFound();
}

/** Everybody may read a public repository; all else needs the token. */
async function answerGit(
  github: GitHub,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) {
  const [, owner, name, service] = GIT_PATH.exec(url.pathname) ?? [];
  const repository = github.store.repository(owner, name);
  const writes = `${service}${url.search}`.includes('git-receive-pack');
  const password = Buffer.from(
    request.headers.authorization?.replace('Basic ', '') ?? '',
    'base64',
  )
    .toString()
    .split(':')[1];
  if (password !== token && (writes || repository.private)) {
    response.setHeader('www-authenticate', 'Basic realm="GitHub"');
    throw new HttpError(401, 'Requires authentication');
  }
  await serveGit(request, response, {
    root: github.store.root,
    path: `/${repository.owner}/${repository.name}.git/${service}`,
    query: url.search.slice(1),
    user: writes ? 'backstage-bot' : undefined,
  });
}

function authenticate(request: IncomingMessage, token: string) {
  const { authorization } = request.headers;
  if (!authorization) {
    throw new HttpError(401, 'Requires authentication');
  }
  if (authorization.replace(/^(token|bearer) /i, '') !== token) {
    throw new HttpError(401, 'Bad credentials');
  }
}

function sendJson(response: ServerResponse, status: number, json: unknown) {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
  });
  response.end(json === undefined ? undefined : JSON.stringify(json));
}

function sendError(response: ServerResponse, error: unknown) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof HttpError) {
    sendJson(response, error.status, {
      message: error.message,
      errors: error.errors,
    });
  } else {
    sendJson(response, 500, { message: String(error) });
  }
}
