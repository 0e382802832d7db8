import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [
    { path: 'own.txt' },
    { path: 'lists/more of ours/blocked.hosts', format: 'hosts' },
    { path: 'ü/100%?#.txt' },
  ],
  invalidConfigs: [
    {},
    { path: '' },
    { path: '/etc/passwd' },
    { path: '../secret' },
    { path: 'a/../../secret' },
    { path: 'a/./b' },
    { path: 'a//b' },
    { path: '.hidden' },
    { path: 'a\\b' },
    { path: 'a\0b' },
    { path: 'a', format: 'csv' },
  ],
  fixtures: {
    lines: new URL('../fixtures/own.txt', import.meta.url),
    hosts: new URL('../fixtures/blocked.hosts', import.meta.url),
  },
  entries: [
    { address: '192.0.2.3' },
    { address: '198.51.100.0/25' },
    { address: '203.0.113.10-203.0.113.20' },
    { address: '2001:db8:5::/64' },
    { address: '203.0.113.30' },
    { address: '2001:db8::30' },
  ],
  invalid: 1,
});
