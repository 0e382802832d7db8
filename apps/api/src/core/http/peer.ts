import { isIP } from 'node:net';
import { Network } from '@bangui/ip';
import { type FastifyRequest } from 'fastify';

/** The parts of a request that tell where it comes from. */
export type PeerRequest = Pick<FastifyRequest, 'ip' | 'protocol' | 'headers' | 'socket'>;

/** Canonical text of an address; an IPv4-mapped one becomes IPv4, a zone is left out. */
function canonical(text: string | undefined): string | undefined {
  const address = text?.split('%', 1)[0];
  return address !== undefined && isIP(address) !== 0 ? Network.parse(address)?.toString() : undefined;
}

/**
 * Where a request comes from, as seen through the trusted proxies. A proxy that forwards something that is no address
 * counts as the peer itself.
 */
export function addressOf(request: PeerRequest): string {
  return canonical(request.ip) ?? canonical(request.socket.remoteAddress) ?? 'unknown';
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Whether somebody between the client and us left its mark; believed only as far as it makes us more careful. */
function isForwarded({ headers }: PeerRequest): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'via'].some(
    (name) => headers[name] !== undefined,
  );
}

function isLoopbackHost(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '').toLowerCase() ?? '';
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Whether the request was made on this machine by somebody who addressed it as such. A proxy on this machine that is
 * not declared as trusted makes strangers look local, and so does a foreign name that resolves to loopback; neither
 * counts as local.
 */
export function isLocal(request: PeerRequest): boolean {
  const forwardedByTrusted = addressOf(request) !== canonical(request.socket.remoteAddress);
  return (
    isLoopback(addressOf(request)) &&
    !forwardedByTrusted &&
    !isForwarded(request) &&
    isLoopbackHost(request.headers.host)
  );
}

/** Whether the client's side of the connection is plain http between machines, where a Secure cookie would be dropped. */
export function isInsecureTransport(request: PeerRequest): boolean {
  return request.protocol !== 'https' && !isLoopback(addressOf(request));
}

/** Whether a cookie may go without `Secure`: plain http on this machine, with no proxy in between. */
export function isPlainLoopback(request: PeerRequest): boolean {
  return request.protocol !== 'https' && isLoopback(addressOf(request)) && !isForwarded(request);
}
