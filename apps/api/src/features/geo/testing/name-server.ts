import { createSocket } from 'node:dgram';

/** What is answered: names as labels of bytes, a response code (RFC 1035 §4.1.1), or nothing at all. */
export type Reply = { readonly labels: readonly (readonly Buffer[])[] } | { readonly code: number } | 'silence';

/** A name server on this machine that answers every question the same. */
export async function nameServer(
  reply: Reply,
): Promise<AsyncDisposable & { readonly server: string; readonly asked: string[]; once(): Promise<unknown> }> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  const { promise: first, resolve: heard } = Promise.withResolvers<undefined>();
  socket.on('message', (query, peer) => {
    const end = query.indexOf(0, 12);
    asked.push(nameOf(query.subarray(12, end)));
    heard(undefined);
    if (reply === 'silence') return;
    const question = query.subarray(12, end + 5);
    const answers = 'labels' in reply ? reply.labels.map(record) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 + ('code' in reply ? reply.code : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([head, question, ...answers]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    once: () => first,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function nameOf(labels: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at < labels.length; at += 1 + (labels[at] ?? 0))
    parts.push(labels.toString('latin1', at + 1, at + 1 + (labels[at] ?? 0)));
  return parts.join('.');
}

/** A PTR record for the question's name. */
function record(labels: readonly Buffer[]): Buffer {
  const name = Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0])]);
  const head = Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 1, 0, 0, 0]);
  head.writeUInt16BE(name.length, 10);
  return Buffer.concat([head, name]);
}
