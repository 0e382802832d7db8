import { randomInt } from 'node:crypto';

/** Letters and digits that are not taken for one another; 24 of 54 are 138 bits. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 24;

/** A password that nobody guesses, and that can be read aloud. */
export function madeUpPassword(): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
