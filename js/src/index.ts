export { formatDiagnostics } from './diagnostics';
export { InternalError } from './load';
export type * from './types';
export { version } from './version';
