/**
 * Checks catalogue entities, decides permissions from policy files and renders
 * golden-path templates in a Backstage backend.
 *
 * @packageDocumentation
 */
export * from './catalog';
export { GOLDENPATH_DIRECTORY_TOPIC } from './directoryChanged';
export * from './environment';
export * from './findings';
export * from './http';
export * from './model';
export * from './permission';
export * from './policy';
export * from './scaffolder';
export { goldenpathFeatures as default } from './features';
