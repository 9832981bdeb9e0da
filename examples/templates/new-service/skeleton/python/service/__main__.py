import os
import signal
import sys

from service.app import create_service

port = int(os.environ.get("PORT", "8080"))
service = create_service(("", port))

# Kubernetes asks first and kills later
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

print(f"listening on port {port}", flush=True)
service.serve_forever()
