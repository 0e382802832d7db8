import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line written while a request is served carries. */
export interface RequestContext {
  readonly requestId: string;
}

/** Follows a request through all that is awaited for it. Empty outside of requests. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
