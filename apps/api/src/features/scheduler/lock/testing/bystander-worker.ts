import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite from 'better-sqlite3';

/** What {@link Bystander} asks for: transactions that each hold the write lock for so long, one or one after the other. */
export interface BystanderRequest {
  readonly holdMs: number;
  readonly isEndless: boolean;
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const connection = new BetterSqlite(workerData as string, { timeout: 15_000, fileMustExist: true });

function transaction(holdMs: number): void {
  connection.exec('BEGIN IMMEDIATE');
  connection.exec('UPDATE scheduler_fence SET token = token');
  parentPort?.postMessage('begun');
  Atomics.wait(cell, 0, 0, holdMs);
  connection.exec('COMMIT');
}

function answer({ holdMs, isEndless }: BystanderRequest): void {
  transaction(holdMs);
  parentPort?.postMessage('over');
  // About as soon as the next transaction of a back-fill.
  if (isEndless) setTimeout(() => answer({ holdMs, isEndless }), 4);
}

parentPort?.on('message', answer);
