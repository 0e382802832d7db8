import { type FastifyCorsOptions } from '@fastify/cors';

/** Headers a page on another origin may send. */
const allowedHeaders = ['X-BanGUI-Request', 'Content-Type', 'Authorization', 'If-Match', 'Last-Event-ID'];

/** Headers a page on another origin may read. */
const exposedHeaders = ['ETag', 'Retry-After', 'Content-Disposition'];

/** Cross-origin rules for exactly the listed origins, cookies included. Undefined when there are none: CORS is off. */
export function corsOptions(origins: readonly string[]): FastifyCorsOptions | undefined {
  if (origins.length === 0) return undefined;
  const listed = new Set(origins);
  return {
    origin: (origin, decide) => decide(null, origin !== undefined && listed.has(origin)),
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders,
    exposedHeaders,
    maxAge: 600,
    // A preflight of a foreign origin is answered without permission rather than with an error that tells more.
    strictPreflight: false,
  };
}
