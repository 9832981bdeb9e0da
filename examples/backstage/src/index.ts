import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('./exampleUsers.ts'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-catalog-backend-module-unprocessed'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));

// All of goldenpath: the catalogue's processor, the policy and the scaffolder's actions.
backend.add(import('backstage-plugin-goldenpath-backend'));

// A plugin that fails to start leaves the others running and not ready for ever; an invalid
// policy shall be seen at once.
backend.start().catch(error => {
  console.error(String(error));
  process.exit(1);
});
