import { rankingRows } from './ranking-rows';

const item = (key: string, label?: string) => ({
  key,
  bans: 5,
  previous: 0,
  ...(label === undefined ? {} : { label }),
});
const ranking = (...items: ReturnType<typeof item>[]) => ({ items, total: 99 });

describe('rankingRows', () => {
  it('leads from a country to its bans, and names the unknown', () => {
    const [china, unknown] = rankingRows('country', ranking(item('CN'), item('?')), { range: '7d' }, 'the week before');
    expect(china).toMatchObject({
      country: 'CN',
      link: ['/history'],
      query: { range: '7d', country: 'CN', action: 'ban' },
    });
    expect(unknown).toMatchObject({ country: null, link: null });
  });

  it('names a network by who runs it, else by its number', () => {
    const rows = rankingRows('network', ranking(item('64496', 'Example'), item('64497'), item('?')), {}, 'before');
    expect(rows.map((row) => [row.label, row.aside, String(row.query['asn'])])).toEqual([
      ['Example', 'AS64496', '64496'],
      ['AS64497', '', '64497'],
      ['Unknown', '', '?'],
    ]);
    expect(rows[2]?.link).toBeNull();
  });

  it('lets no direction mark in the name of a network act', () => {
    const [row] = rankingRows('network', ranking(item('64496', '<b>Evil</b>\u202eOrg')), {}, 'before');
    expect(row?.label).toBe('<b>Evil</b>[U+202E]Org');
  });

  it('leads from an offender to its page, a network with its prefix apart', () => {
    const [row] = rankingRows('offender', ranking(item('203.0.113.0/24')), {}, 'before');
    expect(row?.link).toEqual(['/address', '203.0.113.0', '24']);
  });
});
