export { goldenpathModuleModel } from './module';
