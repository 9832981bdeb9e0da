// The main job, `npm start` in the clone's root: everything that the clone lacks is set up first,
// then the demonstration runs on a Node that Backstage supports.
import { setUp } from '../../js/scripts/setup.mjs';

await setUp(['installed']);
await import('./demo/main.ts');
