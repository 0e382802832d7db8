import { allCountries, readTyped, usableFilters } from './history-filters';

describe('readTyped', () => {
  it('takes filters out by their word and leaves the text', () => {
    expect(readTyped('jail:sshd invalid net:203.0.113.0/24 user')).toEqual({
      filters: { jail: 'sshd', network: '203.0.113.0/24' },
      text: 'invalid user',
    });
    expect(readTyped('AS:AS64496 origin:fail2ban action:unban').filters).toEqual({
      asn: '64496',
      origin: 'selfblock',
      action: 'unban',
    });
  });

  it('understands a country by code and by name', () => {
    expect(readTyped('country:kr').filters).toEqual({ country: 'KR' });
    expect(readTyped('country:"South Korea" x')).toEqual({ filters: { country: 'KR' }, text: 'x' });
    expect(readTyped('country:uk').filters).toEqual({ country: 'GB' });
    expect(readTyped('country:germ').filters).toEqual({ country: 'DE' });
  });

  it('looks for an address that stands alone', () => {
    expect(readTyped(' 2001:db8::/32 ')).toEqual({ filters: { network: '2001:db8::/32' }, text: '' });
    expect(readTyped('from 203.0.113.4')).toEqual({ filters: {}, text: 'from 203.0.113.4' });
  });

  it('leaves what makes no sense in the text', () => {
    expect(readTyped('net:nowhere country:Atlantis user:root jail:')).toEqual({
      filters: {},
      text: 'net:nowhere country:Atlantis user:root jail:',
    });
  });
});

describe('usableFilters', () => {
  it('drops what the API would refuse', () => {
    expect(
      usableFilters({
        jail: '../x',
        network: '203.0.113.4',
        country: 'XX',
        asn: '0',
        origin: 'x',
        action: 'ban',
        text: ' ',
      }),
    ).toEqual({ network: '203.0.113.4', action: 'ban' });
    expect(usableFilters({ text: 'x'.repeat(500), page: '7' })).toEqual({ text: 'x'.repeat(200) });
  });
});

describe('allCountries', () => {
  it('has them all, each with its name', () => {
    const countries = allCountries();
    expect(countries.length).toBeGreaterThan(190);
    expect(countries.length).toBeLessThan(270);
    expect(new Set(countries.map(({ name }) => name)).size).toBe(countries.length);
    expect(countries).toContainEqual({ code: 'DE', name: 'Germany' });
  });
});
