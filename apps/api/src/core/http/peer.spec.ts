import { describe, expect, it } from 'vitest';
import { addressOf, isInsecureTransport, isLocal, isPlainLoopback, type PeerRequest } from './peer.ts';

interface Peer {
  readonly ip: string;
  readonly socket?: string;
  readonly protocol?: 'http' | 'https';
  readonly headers?: Record<string, string>;
}

function request({ ip, socket = ip, protocol = 'http', headers = {} }: Peer): PeerRequest {
  // Only the members the functions look at.
  return {
    ip,
    protocol,
    headers: { host: 'localhost:8000', ...headers },
    socket: { remoteAddress: socket },
  } as unknown as PeerRequest;
}

describe('addressOf', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('writes %s as %s', (ip, text) => {
    expect(addressOf(request({ ip }))).toBe(text);
  });

  it('falls back to the peer when a proxy forwards something that is no address', () => {
    expect(addressOf(request({ ip: '"><script>', socket: '10.0.0.1' }))).toBe('10.0.0.1');
  });
});

describe('isLocal', () => {
  it('is true for a browser on this machine', () => {
    expect(isLocal(request({ ip: '127.0.0.1' }))).toBe(true);
    expect(isLocal(request({ ip: '::1', headers: { host: '[::1]:8000' } }))).toBe(true);
    expect(isLocal(request({ ip: '::ffff:127.0.0.1', headers: { host: '127.0.0.1' } }))).toBe(true);
  });

  it('is false from another machine', () => {
    expect(isLocal(request({ ip: '192.0.2.1' }))).toBe(false);
  });

  it('is false behind a proxy on this machine that nobody declared', () => {
    expect(isLocal(request({ ip: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' } }))).toBe(false);
  });

  it('is false for a foreign name that resolves to this machine', () => {
    expect(isLocal(request({ ip: '127.0.0.1', headers: { host: 'rebound.example:8000' } }))).toBe(false);
  });
});

describe('plain http', () => {
  it('is insecure between machines and fine on loopback or behind TLS', () => {
    expect(isInsecureTransport(request({ ip: '192.0.2.1' }))).toBe(true);
    expect(isInsecureTransport(request({ ip: '192.0.2.1', protocol: 'https' }))).toBe(false);
    expect(isInsecureTransport(request({ ip: '127.0.0.1' }))).toBe(false);
  });

  it('keeps the Secure cookie when a proxy is in between', () => {
    expect(isPlainLoopback(request({ ip: '127.0.0.1' }))).toBe(true);
    expect(isPlainLoopback(request({ ip: '127.0.0.1', headers: { 'x-forwarded-proto': 'https' } }))).toBe(false);
  });
});
