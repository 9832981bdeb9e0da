/** Runs the stand-in by itself: `node tests/github/main.ts --port 7108 --token secret`. Ends, tidied up, on SIGTERM or SIGINT. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGitHub } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7108' },
    token: { type: 'string', default: 'stand-in-token' },
    /** `acme/name=directory`: a public repository with the directory's files. */
    repository: { type: 'string', multiple: true, default: [] },
  },
});
const github = await startGitHub({
  port: Number(values.port),
  token: values.token,
  repositories: {
    'acme/platform-config': join(import.meta.dirname, 'seed/platform-config'),
    ...Object.fromEntries(values.repository.map(text => text.split('=', 2))),
  },
  log: line => console.log(line),
});
console.log(`GitHub stand-in ready at ${github.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    github.close().then(() => process.exit(0));
  });
}
