import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}, { lists: ['inbound', 'outbound'] }],
  invalidConfigs: [{ lists: [] }, { lists: ['both'] }],
  fixtures: {
    inbound: new URL('../fixtures/inbound.txt', import.meta.url),
    outbound: new URL('../fixtures/outbound.txt', import.meta.url),
  },
  entries: [
    { address: '192.0.2.8/29' },
    { address: '198.51.100.41' },
    { address: '2001:db8:41::/48' },
    { address: '203.0.113.42' },
  ],
});
