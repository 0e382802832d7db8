import { addressesOf24, isInside, neighbourhood } from './network';

describe('isInside', () => {
  it('compares addresses and networks of one family', () => {
    expect(isInside('203.0.113.45', '203.0.113.0/24')).toBe(true);
    expect(isInside('203.0.113.0/26', '203.0.113.0/24')).toBe(true);
    expect(isInside('203.0.113.0/24', '203.0.113.0/26')).toBe(false);
    expect(isInside('203.0.114.1', '203.0.113.0/24')).toBe(false);
    expect(isInside('2001:db8::1', '2001:db8::/32')).toBe(true);
    expect(isInside('2001:db9::1', '2001:db8::/32')).toBe(false);
    expect(isInside('203.0.113.45', '203.0.113.45')).toBe(true);
    expect(isInside('::1', '0.0.0.0/0')).toBe(false);
    expect(isInside('8.8.8.8', '0.0.0.0/0')).toBe(true);
  });

  it('is false for what is no address', () => {
    for (const text of ['', 'x', '300.1.1.1', '1.2.3', '1::2::3', '1:2:3:4:5:6:7:8:9', '1.2.3.4/33', '1.2.3.4/24/8']) {
      expect(isInside(text, '0.0.0.0/0')).toBe(false);
      expect(isInside(text, '::/0')).toBe(false);
    }
  });
});

describe('neighbourhood', () => {
  it('is the /24 or the /64 around an address', () => {
    expect(neighbourhood('203.0.113.45')).toBe('203.0.113.0/24');
    expect(neighbourhood('2001:db8:aa:bb::9e')).toBe('2001:db8:aa:bb::/64');
    expect(neighbourhood('2001:db8::9e')).toBe('2001:db8::/64');
    expect(neighbourhood('::1')).toBe('::/64');
    expect(neighbourhood('2001:0:0:5::1')).toBe('2001:0:0:5::/64');
    expect(neighbourhood('203.0.113.0/28')).toBeNull();
    expect(neighbourhood('nobody')).toBeNull();
  });
});

describe('addressesOf24', () => {
  it('counts up through the network', () => {
    const all = addressesOf24('203.0.113.0/24');
    expect(all).toHaveLength(256);
    expect(all?.[45]).toBe('203.0.113.45');
    expect(addressesOf24('203.0.113.0/25')).toBeNull();
    expect(addressesOf24('2001:db8::/24')).toBeNull();
  });
});
