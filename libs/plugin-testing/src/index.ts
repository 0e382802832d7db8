export { testSource } from './test-source.ts';
export { sourceChecks, type SourceCheck } from './source-checks.ts';
export type { ExpectedEntry, SourceTest } from './source-test.ts';
