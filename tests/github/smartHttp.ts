import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GIT_ENVIRONMENT } from './git.ts';

/** Clone, fetch and push: hands the request to git's own CGI program and its answer back. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  options: { root: string; path: string; query: string; user?: string },
): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    ...GIT_ENVIRONMENT,
    GIT_PROJECT_ROOT: options.root,
    GIT_HTTP_EXPORT_ALL: '1',
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: request.method,
    PATH_INFO: options.path,
    QUERY_STRING: options.query,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    REMOTE_ADDR: request.socket.remoteAddress,
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    CONTENT_LENGTH: request.headers['content-length'],
    // git http-backend lets only named users push.
    REMOTE_USER: options.user,
  };
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env });
    let head = Buffer.alloc(0);
    let headDone = false;
    child.stdout.on('data', (chunk: Buffer) => {
      if (headDone) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end >= 0) {
        headDone = true;
        writeHead(response, head.subarray(0, end).toString('latin1'));
        response.write(head.subarray(end + 4));
      }
    });
    child.stderr.on('data', chunk => process.stderr.write(chunk));
    child.on('error', reject);
    child.on('close', code => {
      if (!headDone) {
        reject(
          new Error(`git http-backend ended with ${code} and gave no answer`),
        );
        return;
      }
      response.end(resolve);
    });
    child.stdin.on('error', () => {});
    request.pipe(child.stdin);
  });
}

function writeHead(response: ServerResponse, head: string) {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === 'status') {
      status = Number.parseInt(value, 10);
    } else {
      response.setHeader(name, value);
    }
  }
  response.writeHead(status);
}
