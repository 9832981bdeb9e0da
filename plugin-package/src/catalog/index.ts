export { catalogModuleGoldenpath } from './module';
