import { Network } from '@bangui/ip';

/** An address as the kernel prints it in `/proc/net/tcp` and `/proc/net/tcp6`: words in the order of the machine, which is little-endian. */
function addressOf(hex: string): Network | undefined {
  const words = hex.match(/.{8}/g)?.map((word) => word.match(/../g)?.reverse() ?? []) ?? [];
  const bytes = words.flat();
  if (bytes.length === 4) return Network.parse(bytes.map((byte) => Number.parseInt(byte, 16)).join('.'));
  return bytes.length === 16 ? Network.parse((bytes.join('').match(/.{4}/g) ?? []).join(':')) : undefined;
}

/** Far ends of the established connections to these local ports, from the text of `/proc/net/tcp` or `tcp6`. */
export function connectedPeers(text: string, ports: readonly number[]): Network[] {
  const hexPorts = new Set(ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')));
  return text.split('\n').flatMap((line) => {
    const [, local = '', remote = '', state] = line.trim().split(/\s+/);
    // 01 is TCP_ESTABLISHED.
    if (state !== '01' || !hexPorts.has(local.split(':')[1] ?? '')) return [];
    const peer = addressOf(remote.split(':')[0] ?? '');
    return peer ? [peer] : [];
  });
}

/** Gateways of the routes in `/proc/net/route`. */
export function gateways4(text: string): Network[] {
  return text.split('\n').flatMap((line) => {
    const [, , gateway = '', flags = ''] = line.split(/\s+/);
    // RTF_GATEWAY is 2.
    if (!/^[0-9A-F]{8}$/.test(gateway) || (Number.parseInt(flags, 16) & 2) === 0) return [];
    const network = addressOf(gateway);
    return network ? [network] : [];
  });
}

/** Gateways of the routes in `/proc/net/ipv6_route`, where addresses are in the order of the network. */
export function gateways6(text: string): Network[] {
  return text.split('\n').flatMap((line) => {
    const gateway = line.split(/\s+/)[4] ?? '';
    if (!/^[0-9a-f]{32}$/.test(gateway) || /^0+$/.test(gateway)) return [];
    const network = Network.parse((gateway.match(/.{4}/g) ?? []).join(':'));
    return network ? [network] : [];
  });
}

/** Resolvers that `/etc/resolv.conf` names. */
export function resolvers(text: string): Network[] {
  return text.split('\n').flatMap((line) => {
    const [, address = ''] = /^\s*nameserver\s+([0-9A-Fa-f.:]+)/.exec(line) ?? [];
    const network = Network.parse(address);
    return network ? [network] : [];
  });
}
