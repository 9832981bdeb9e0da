export { goldenpathModuleFindings } from './module';
