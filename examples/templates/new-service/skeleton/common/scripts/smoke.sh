#!/bin/sh
# Asks a running service how it is: scripts/smoke.sh [address]
set -eu

address=${1:-http://localhost:${PORT:-8080}}
curl --fail --silent --show-error --max-time 5 "$address/healthz" >/dev/null
echo ok
