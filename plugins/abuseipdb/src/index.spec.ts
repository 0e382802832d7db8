import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{ key: 'abc123' }, { key: 'abc123', confidenceMinimum: 75, limit: 500_000 }],
  invalidConfigs: [
    {},
    { key: '' },
    { key: 'with\r\nline break' },
    { key: 'abc123', confidenceMinimum: 10 },
    { key: 'abc123', limit: 0 },
  ],
  fixtures: { blacklist: new URL('../fixtures/blacklist.json', import.meta.url) },
  entries: [
    { address: '192.0.2.179', confidence: 100, lastSeenAt: new Date('2026-07-14T19:17:02Z') },
    { address: '2001:db8::179', confidence: 100, lastSeenAt: new Date('2026-07-14T17:17:01Z') },
    { address: '198.51.100.222', confidence: 91 },
  ],
});
