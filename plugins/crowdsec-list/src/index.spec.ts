import { testSource } from '@bangui/plugin-testing';
import source from './index.ts';

const credentials = { integration: '64f1a0b2c3d4e5f60718293a', user: 'user', password: 'password' };

testSource(source, {
  packageJson: new URL('../package.json', import.meta.url),
  validConfigs: [credentials],
  invalidConfigs: [
    {},
    { ...credentials, integration: '../../blocklists' },
    { ...credentials, user: 'a:b' },
    { ...credentials, password: '' },
  ],
  fixtures: { list: new URL('../fixtures/content.txt', import.meta.url) },
  entries: [{ address: '192.0.2.66' }, { address: '198.51.100.66' }, { address: '2001:db8:66::1' }],
});
