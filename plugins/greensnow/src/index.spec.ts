import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}],
  invalidConfigs: [],
  fixtures: { attackers: new URL('../fixtures/greensnow.txt', import.meta.url) },
  entries: [{ address: '192.0.2.22' }, { address: '198.51.100.22' }, { address: '203.0.113.22' }],
});
