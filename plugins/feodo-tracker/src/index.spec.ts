import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}, { isOnlineOnly: true }],
  invalidConfigs: [{ isOnlineOnly: 'yes' }],
  fixtures: { c2: new URL('../fixtures/ipblocklist.json', import.meta.url) },
  entries: [
    { address: '192.0.2.44', reason: 'Dridex, port 443', lastSeenAt: new Date('2026-07-01T00:00:00Z') },
    { address: '198.51.100.23', reason: 'QakBot, port 995', lastSeenAt: new Date('2026-07-02T11:22:33Z') },
    { address: '203.0.113.180', reason: 'Emotet' },
  ],
});
