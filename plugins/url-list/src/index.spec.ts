import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

const url = 'https://lists.example.org/list';

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [
    { url },
    { url: 'http://lists.example.org/', format: 'netset' },
    { url, format: 'hosts' },
    { url, format: 'csv', csvColumn: 'Source IP', csvSeparator: ';' },
    { url, format: 'csv', csvColumn: '2', csvHasHeader: true },
    { url, format: 'json', jsonPath: 'data.attackers[].net.ip' },
    { url, format: 'json', jsonPath: '[]' },
    { url, headerName: 'X-Api-Key', headerValue: 'secret' },
  ],
  invalidConfigs: [
    {},
    { url: 'ftp://lists.example.org/' },
    { url: 'file:///etc/passwd' },
    { url: 'https://user:password@lists.example.org/' },
    { url: 'lists.example.org' },
    { url, format: 'xml' },
    { url, csvColumn: '0' },
    { url, csvColumn: '' },
    { url, jsonPath: 'a[][]' },
    { url, jsonPath: '' },
    { url, headerName: 'X Y' },
    { url, unknown: true },
  ],
  fixtures: {
    lines: new URL('../fixtures/lines.txt', import.meta.url),
    netset: new URL('../fixtures/list.netset', import.meta.url),
    hosts: new URL('../fixtures/hosts', import.meta.url),
    csv: new URL('../fixtures/list.csv', import.meta.url),
    json: new URL('../fixtures/list.json', import.meta.url),
  },
  entries: [
    { address: '192.0.2.1' },
    { address: '192.0.2.16/28' },
    { address: '192.0.2.40-192.0.2.50' },
    { address: '2001:db8::1' },
    { address: '2001:db8:1::/48' },
    { address: '192.0.2.128/25' },
    { address: '198.51.100.9' },
    { address: '203.0.113.5' },
    { address: '2001:db8::5' },
    { address: '192.0.2.77' },
    { address: '198.51.100.0/26' },
    { address: '203.0.113.77' },
    { address: '203.0.113.200' },
    { address: '2001:db8::c8' },
  ],
  invalid: 3,
});
