import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}, { families: ['v6'] }, { families: ['v4', 'v6'] }],
  invalidConfigs: [{ families: [] }, { families: ['v5'] }],
  fixtures: {
    v4: new URL('../fixtures/drop-v4.json', import.meta.url),
    v6: new URL('../fixtures/drop-v6.json', import.meta.url),
  },
  entries: [
    { address: '192.0.2.0/25', reason: 'SBL000001' },
    { address: '198.51.100.0/24', reason: 'SBL000002' },
    { address: '203.0.113.64/26', reason: 'SBL000003' },
    { address: '2001:db8:100::/48', reason: 'SBL000004' },
    { address: '2001:db8:ff00::/40', reason: 'SBL000005' },
  ],
});
