import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [{}, { lists: ['ssh', 'mail'] }, { lists: ['ssh', 'ssh'] }],
  invalidConfigs: [{ lists: [] }, { lists: ['unknown'] }, { lists: 'ssh' }],
  fixtures: {
    all: new URL('../fixtures/all.txt', import.meta.url),
    ssh: new URL('../fixtures/ssh.txt', import.meta.url),
  },
  entries: [
    { address: '192.0.2.4' },
    { address: '198.51.100.17' },
    { address: '203.0.113.250' },
    { address: '2001:db8:4f8:c17::2' },
    { address: '192.0.2.4' },
    { address: '203.0.113.99' },
  ],
});
