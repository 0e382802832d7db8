import { returnAddress } from './return-address';

describe('returnAddress', () => {
  it('leads back to a page of the portal', () => {
    expect(returnAddress('/bans?jail=sshd')).toBe('/bans?jail=sshd');
  });

  it.each([
    undefined,
    '',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/sign-in',
  ])('leads to the first page for %j', (wanted) => {
    expect(returnAddress(wanted)).toBe('/');
  });
});
