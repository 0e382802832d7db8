export { overview, pageOf, usageOf } from './help.ts';
