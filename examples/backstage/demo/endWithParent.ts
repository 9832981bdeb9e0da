// Loaded into every server: if whoever started it dies without a word, its input ends, and so does it.
import { Socket } from 'node:net';

const input = new Socket({ fd: 0 });
input.unref();
input.resume().on('close', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), 5000).unref();
});

// Nobody reads what it still has to say on its way out.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', () => {});
}
