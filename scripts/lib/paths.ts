import { join, resolve } from 'node:path';

/** Absolute path of the checkout. */
export const checkout = resolve(import.meta.dirname, '../..');

/** Everything that is made at run time goes below this folder; git ignores it and `make clean` removes it. */
export const varDir = join(checkout, 'var');
