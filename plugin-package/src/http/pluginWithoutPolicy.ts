import { createBackendPlugin } from '@backstage/backend-plugin-api';

/** What modules of the plugin need, where no policy answers. */
export const goldenpathPluginWithoutPolicy = createBackendPlugin({
  pluginId: 'goldenpath',
  register(reg) {
    reg.registerInit({ deps: {}, async init() {} });
  },
});
