export { permissionModuleGoldenpath } from './module';
