import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}],
  invalidConfigs: [],
  fixtures: { exits: new URL('../fixtures/torbulkexitlist', import.meta.url) },
  entries: [{ address: '192.0.2.23' }, { address: '198.51.100.23' }, { address: '203.0.113.23' }],
});
