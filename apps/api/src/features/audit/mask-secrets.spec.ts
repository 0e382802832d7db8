import { expect, it } from 'vitest';
import { maskSecrets } from './mask-secrets.ts';

it('masks what is named like a secret, however deep, and nothing else', () => {
  expect(
    maskSecrets({
      password: 'a',
      newPassword: 'b',
      list: [{ apiKey: 'c', name: 'd' }],
      tokenHash: 'e',
      secret: null,
      key: 'kept',
    }),
  ).toEqual({
    password: '***',
    newPassword: '***',
    list: [{ apiKey: '***', name: 'd' }],
    tokenHash: '***',
    secret: null,
    key: 'kept',
  });
});

it('does not follow what is nested without end', () => {
  const endless: Record<string, unknown> = {};
  endless.self = endless;
  expect(JSON.stringify(maskSecrets(endless))).toContain('…');
});
