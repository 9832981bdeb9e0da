import { createBackendModule } from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
export default createBackendModule({ pluginId: 'permission', moduleId: 'allow', register(reg) { reg.registerInit({ deps: { policy: policyExtensionPoint }, async init({ policy }) { policy.setPolicy({ handle: async () => ({ result: 'ALLOW' as any }) }); } }); } });
