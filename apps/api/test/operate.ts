import { type Operation } from '../src/core/operations/index.ts';
import { type Answer, type ApiClient, type RequestOptions } from './api-client.ts';
import { eventually } from './fail2ban-api.ts';

/** A problem that an operation failed with, or that it was refused with before it began. */
export interface OperationProblem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string; readonly code: string }[];
}

/** What an operation is answered with: itself, or why it was not carried out. */
export type OperationAnswer = Answer<Operation & OperationProblem>;

/**
 * Asks for an operation and waits for its end, also where a busy machine takes longer than the request waits: how it ended,
 * and what it failed with, is then the same.
 * @param timeout milliseconds
 */
export async function operate(
  client: ApiClient,
  path: string,
  body: unknown = {},
  options: RequestOptions = {},
  timeout?: number,
): Promise<OperationAnswer> {
  const answer = await client.post<Operation & OperationProblem>(path, body, options);
  const location = answer.headers.get('Location');
  if (answer.status !== 202 || location === null) return answer;
  return eventually(async () => {
    const now = await client.get<Operation & OperationProblem>(location);
    if (now.body.status === 'running') throw new Error(`Operation ${now.body.kind} goes on.`);
    const { error } = now.body;
    return error ? { ...now, status: error.status, body: { ...now.body, ...error, status: now.body.status } } : now;
  }, timeout);
}
