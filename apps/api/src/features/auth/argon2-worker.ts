import { argon2Sync, type Argon2Parameters } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

// One derivation per message; the answer is the tag, or the reason why there is none.
parentPort?.on('message', (parameters: Argon2Parameters) => {
  try {
    parentPort?.postMessage({ tag: argon2Sync('argon2id', parameters) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
