import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}],
  invalidConfigs: [],
  fixtures: { badguys: new URL('../fixtures/ci-badguys.txt', import.meta.url) },
  entries: [{ address: '192.0.2.21' }, { address: '198.51.100.21' }, { address: '203.0.113.21' }],
});
