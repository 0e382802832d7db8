import { type TestProject } from 'vitest/node';
import { postgresMissing, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `postgres://…` of a private server, or the reason why there is none. */
    postgres: { readonly url: string } | { readonly missing: string };
  }
}

/** Starts one real PostgreSQL for all database tests and tells them its address. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const server = await startPostgres();
  project.provide('postgres', server ? { url: server.url } : { missing: postgresMissing });
  return server && (() => server.stop());
}
