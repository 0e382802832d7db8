import { countryName, isCountry } from './country-name';

describe('countryName', () => {
  it('names a country in the language of the page', () => {
    expect(countryName('DE')).toMatch(/^(Germany|Deutschland)$/);
    expect(countryName('XK')).toBe('Kosovo');
  });

  it.each([null, '', 'de', 'D', 'DEU', 'D\u0000', '__', 'ZZ', 'EU', 'AP', '12', '<b>'])(
    'says that %j is unknown, and never throws',
    (code) => {
      expect(isCountry(code)).toBe(false);
      expect(countryName(code)).toMatch(/^(Unknown|Unbekannt)$/);
    },
  );
});
