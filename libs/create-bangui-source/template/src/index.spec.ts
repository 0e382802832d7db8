import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}, { list: 'recent' }],
  invalidConfigs: [{ list: 'other' }],
  fixtures: { all: new URL('../fixtures/all.txt', import.meta.url) },
  entries: [{ address: '192.0.2.1' }, { address: '198.51.100.0/24' }, { address: '2001:db8::1' }],
});
