export {
  type GoldenpathInnerPolicyExtensionPoint,
  goldenpathInnerPolicyExtensionPoint,
} from './innerPolicy';
export { permissionModuleGoldenpath } from './module';
