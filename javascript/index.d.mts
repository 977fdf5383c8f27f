export * from './index.js';
declare const ezkl: typeof import('./index.js');
export default ezkl;
