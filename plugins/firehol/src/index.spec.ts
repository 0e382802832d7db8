import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [
    {},
    { lists: ['level1', 'level2', 'level3', 'level4'] },
    { lists: ['anonymous', 'webclient', 'abusers-1d'] },
  ],
  invalidConfigs: [{ lists: [] }, { lists: ['level5'] }],
  fixtures: {
    level1: new URL('../fixtures/firehol_level1.netset', import.meta.url),
    webclient: new URL('../fixtures/firehol_webclient.netset', import.meta.url),
  },
  entries: [
    { address: '192.0.2.0/24' },
    { address: '198.51.100.32/27' },
    { address: '203.0.113.7' },
    { address: '203.0.113.9' },
    { address: '203.0.113.128/25' },
  ],
});
