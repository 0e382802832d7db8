import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

// Just enough of DER (X.690) and X.509 (RFC 5280) for a server of a test: nothing else on the machine is needed.

const tags = { boolean: 1, integer: 2, bits: 3, octets: 4, id: 6, text: 12, time: 23, sequence: 0x30, set: 0x31 };

function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  // The shortest form (X.690, 10.1): some readers refuse any other.
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(tags.sequence, ...parts);
/** ecdsa-with-SHA256 (RFC 5758). */
const algorithm = sequence(der(tags.id, [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));

/** A certificate that signs itself, with its key, both as PEM: for one host, and to be trusted as an authority. */
export function selfSigned(host: string): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(tags.set, sequence(der(tags.id, [0x55, 4, 3]), der(tags.text, Buffer.from(host)))));
  const times = sequence(
    ...['250101000000Z', '491231235959Z'].map((time) => der(tags.time, Buffer.from(time, 'latin1'))),
  );
  const subjectAltName = sequence(der(0x82, Buffer.from(host, 'latin1')));
  const isAuthority = sequence(der(tags.boolean, [255]));
  const extensions = sequence(
    sequence(der(tags.id, [0x55, 0x1d, 17]), der(tags.octets, subjectAltName)),
    sequence(der(tags.id, [0x55, 0x1d, 19]), der(tags.boolean, [255]), der(tags.octets, isAuthority)),
  );
  const content = sequence(
    der(0xa0, der(tags.integer, [2])),
    der(tags.integer, [1]),
    algorithm,
    name,
    times,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  return { cert: signed(content, privateKey), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function signed(content: Buffer, key: KeyObject): string {
  const certificate = sequence(content, algorithm, der(tags.bits, [0], sign('sha256', content, key)));
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
