export * from './nodejs.js';
declare const engine: typeof import('./nodejs.js');
export default engine;
