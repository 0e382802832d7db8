import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}, { lists: ['compromised'] }],
  invalidConfigs: [{ lists: [] }, { lists: ['tor'] }],
  fixtures: {
    block: new URL('../fixtures/emerging-Block-IPs.txt', import.meta.url),
    compromised: new URL('../fixtures/compromised-ips.txt', import.meta.url),
  },
  entries: [
    { address: '192.0.2.0/26' },
    { address: '198.51.100.0/24' },
    { address: '203.0.113.33' },
    { address: '192.0.2.201' },
    { address: '203.0.113.202' },
  ],
});
