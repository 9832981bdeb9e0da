"""The service, not yet listening."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def create_service(address: tuple[str, int]) -> ThreadingHTTPServer:
    return ThreadingHTTPServer(address, Handler)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?", 1)[0]
        if path == "/healthz":
            self._send(200, {"status": "ok"})
        else:
            self._send(404, {"error": "not found"})

    def _send(self, status: int, body: dict[str, str]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: a line for every probe tells nobody anything."""
