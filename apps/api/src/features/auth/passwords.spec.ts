import { describe, expect, it } from 'vitest';
import { PasswordRefused, TooManyAttempts } from './auth.errors.ts';
import { checkPassword, Passwords } from './passwords.ts';

describe('Passwords', () => {
  const passwords = new Passwords();

  it('writes argon2id with the parameters in a PHC string, salted anew each time', async () => {
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(two).not.toBe(one);
  });

  it('hashes at the cost that it is given, and knows hashes of every other', async () => {
    const cheap = new Passwords({ memory: 64, passes: 2, parallelism: 1 });
    const hash = await cheap.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$/);
    expect(await passwords.matches('correct horse', hash)).toBe(true);
    expect(await cheap.matches('correct horse', await passwords.hash('correct horse'))).toBe(true);
  });

  it('knows the right password from a wrong one', async () => {
    const hash = await passwords.hash('correct horse');
    expect(await passwords.matches('correct horse', hash)).toBe(true);
    expect(await passwords.matches('correct horsf', hash)).toBe(false);
  });

  it('takes composed and decomposed letters as the same', async () => {
    expect(await passwords.matches('na\u0308gel und so', await passwords.hash('n\u00e4gel und so'))).toBe(true);
  });

  it('verifies the reference vector of another implementation', async () => {
    // From the tests of the reference implementation in C: t=2, m=2^16, p=1, password, somesalt.
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await passwords.matches('password', hash)).toBe(true);
  });

  it('does the same work for somebody who does not exist, and says no', async () => {
    const hash = await passwords.hash('x');
    const took = async (of: string | undefined) => {
      const startedAt = performance.now();
      expect(await passwords.matches('y', of)).toBe(false);
      return performance.now() - startedAt;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 5; round += 1) {
      known.push(await took(hash));
      unknown.push(await took(undefined));
    }
    // The quickest of each, by turns: a busy machine makes one or the other slow. Without the work it would be a hundred times faster.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 5);
  });

  it('says no to a hash it cannot read', async () => {
    expect(await passwords.matches('x', 'plaintext')).toBe(false);
  });

  it('turns a flood away instead of queueing it', async () => {
    const cheap = new Passwords({ memory: 64, passes: 1, parallelism: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => cheap.matches('x', undefined)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({ reason: expect.any(TooManyAttempts) as unknown });
  });
});

describe('checkPassword', () => {
  it.each(['administrator', 'ADMINISTRATOR', 'abababababab'])('refuses %s for the user administrator', (password) => {
    expect(() => checkPassword(password, 'administrator', 'password')).toThrow(PasswordRefused);
  });

  it('takes anything else', () => {
    expect(() => checkPassword('correct horse battery', 'administrator', 'password')).not.toThrow();
  });
});
