export { scaffolderModuleGoldenpath } from './module';
