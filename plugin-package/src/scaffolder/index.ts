export { scaffolderModuleGoldenpath } from './module';
export { scaffolderModuleGoldenpathPolicy } from './policyModule';
