import { SseParser } from './sse-parser';

describe('SseParser', () => {
  it('reads messages however the pieces are cut', () => {
    const text = 'id: 1-1\r\nevent: ban\r\ndata: {"a":1}\r\n\r\n: beat\n\nid: 1-2\ndata: one\ndata: two\n\n';
    const whole = new SseParser().push(text);
    const parser = new SseParser();
    const cut = Array.from(text).flatMap((character) => parser.push(character));
    expect(cut).toEqual(whole);
    expect(whole).toEqual([
      { event: 'ban', data: '{"a":1}', id: '1-1' },
      { event: 'message', data: 'one\ntwo', id: '1-2' },
    ]);
  });

  it('gives no message for comments, unknown fields and blank lines', () => {
    expect(new SseParser().push(': beat\n\nretry: 2000\n\nevent: ban\n\n')).toEqual([]);
  });

  it('keeps a value with colons and takes away one leading space only', () => {
    expect(new SseParser().push('data:  2001:db8::1\n\n')).toEqual([
      { event: 'message', data: ' 2001:db8::1', id: '' },
    ]);
  });

  it('refuses a message that never ends instead of filling the memory', () => {
    const parser = new SseParser();
    const piece = 'x'.repeat(1024 * 1024);
    expect(() => {
      for (let count = 0; count < 10; count += 1) parser.push(piece);
    }).toThrow('too long');
  });
});
