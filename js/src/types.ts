// What crosses the border to the core, by subject.

export * from './types/analysis';
export * from './types/approvals';
export * from './types/authzen';
export * from './types/catalog';
export * from './types/common';
export * from './types/decisions';
export * from './types/exchange';
export * from './types/explain';
export * from './types/files';
export * from './types/graph';
export * from './types/organisation';
export * from './types/platform';
export * from './types/templates';
