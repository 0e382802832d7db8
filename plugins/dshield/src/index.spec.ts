import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}],
  invalidConfigs: [],
  fixtures: { block: new URL('../fixtures/block.txt', import.meta.url) },
  entries: [
    { address: '192.0.2.0/24', reason: 'scanned 2076 targets' },
    { address: '198.51.100.0/24', reason: 'scanned 1550 targets' },
    { address: '203.0.113.0/24', reason: 'scanned 352 targets' },
  ],
});
