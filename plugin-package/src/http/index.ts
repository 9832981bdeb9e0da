export { goldenpathPlugin } from './plugin';
