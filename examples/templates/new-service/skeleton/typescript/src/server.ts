import { createServer, type Server, type ServerResponse } from 'node:http';

/** The service, not yet listening. */
export function createService(): Server {
  return createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/healthz') {
      send(response, 404, { error: 'not found' });
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      send(response, 405, { error: 'method not allowed' });
    } else {
      send(response, 200, { status: 'ok' });
    }
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
