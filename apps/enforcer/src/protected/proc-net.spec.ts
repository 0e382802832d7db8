import { expect, it } from 'vitest';
import { connectedPeers, gateways4, gateways6, resolvers } from './proc-net.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

it('finds who is connected to a port, and nobody else', () => {
  const text = `${head}
   0: 0100007F:0016 0A0200C0:D431 01 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:0016 0B0200C0:D431 06 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0100007F:0050 0C0200C0:D431 01 00000000:00000000 00:00000000 00000000     0        0 3
   3: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4
   4: cut`;
  expect(connectedPeers(text, [22]).map(String)).toEqual(['192.0.2.10']);
  expect(connectedPeers(text, []).map(String)).toEqual([]);
});

it('reads IPv6, and IPv4 behind an IPv6 socket', () => {
  const text = `${head}
   0: 00000000000000000000000001000000:0016 B80D0120000000000000000001000000:D431 01 0 0 0
   1: 0000000000000000FFFF000001000000:0016 0000000000000000FFFF00000A0200C0:D431 01 0 0 0`;
  expect(connectedPeers(text, [22]).map(String)).toEqual(['2001:db8::1', '192.0.2.10']);
});

it('reads gateways and resolvers', () => {
  const routes = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF`;
  expect(gateways4(routes).map(String)).toEqual(['192.0.2.1']);
  const zero = '0'.repeat(32);
  const via = `20010db8${'0'.repeat(23)}1`;
  expect(
    gateways6(`${zero} 00 ${zero} 00 ${via} 0 0 0 0 eth0\n${zero} 00 ${zero} 00 ${zero} 0 0 0 0 lo`).map(String),
  ).toEqual(['2001:db8::1']);
  expect(resolvers('# nameserver 192.0.2.9\nnameserver 192.0.2.53\nnameserver x\nsearch example').map(String)).toEqual([
    '192.0.2.53',
  ]);
});
