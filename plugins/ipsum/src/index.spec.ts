import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}, { level: 1 }, { level: 8 }],
  invalidConfigs: [{ level: 0 }, { level: 9 }, { level: 2.5 }, { level: '3' }],
  fixtures: { 'level-3': new URL('../fixtures/3.txt', import.meta.url) },
  entries: [{ address: '192.0.2.112' }, { address: '198.51.100.255' }, { address: '203.0.113.244' }],
});
