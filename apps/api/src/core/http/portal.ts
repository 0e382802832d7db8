import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type WebServer } from './web-server.ts';

/** apps/api/{src,dist}/core/http -> the installation. */
const builtPortal = resolve(import.meta.dirname, '../../../../../dist/portal/browser');

/** Angular puts a hash of the content into the names of scripts, styles and what they refer to; such a file never changes. */
const hashedName = /(-[\w-]{8}\.(js|css)|\/media\/[^/]*-[\w-]{8}\.\w+)$/;

const missingPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>BanGUI</title>
<h1>The portal is not built</h1>
<p>The API is running. Build the portal with <code>make build</code>, or set <code>BANGUI_PORTAL_DIR</code> to the folder of a built one.</p>
</html>
`;

/** Whether a browser navigates: such an address belongs to the portal, which has its own page for unknown ones. */
function isNavigation(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? '';
  const isApi = path === '/api' || path.startsWith('/api/');
  const isFile = basename(path).includes('.');
  // A jail's name may have a dot: what looks like a file is a page all the same when a browser goes there.
  const wantsPage = request.headers.accept?.includes('text/html') ?? false;
  return (request.method === 'GET' || request.method === 'HEAD') && !isApi && (wantsPage || !isFile);
}

/** Serves the built portal beside the API: its files, and its page for every address that is not the API's. */
export async function servePortal(
  app: NestFastifyApplication,
  server: WebServer,
  portalDir: string | undefined,
): Promise<void> {
  const root = resolve(portalDir ?? builtPortal);
  const isBuilt = await stat(resolve(root, 'index.html')).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root,
      index: false,
      preCompressed: true,
      cacheControl: false,
      dotfiles: 'ignore',
      setHeaders: (reply, path) => {
        // The page names the hashed files: a kept old one would ask for files that are gone.
        reply.header('Cache-Control', hashedName.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
    // The plugin takes `/` for a folder's name, which it refuses with an error of its own unless the client accepts encodings.
    const fastify = app.getHttpAdapter().getInstance();
    fastify.get('/', (_request: FastifyRequest, reply: FastifyReply) => reply.sendFile('index.html'));
  }
  server.fallback = (request: FastifyRequest, reply: FastifyReply) => {
    if (!isNavigation(request)) return false;
    if (isBuilt) void reply.sendFile('index.html');
    else void reply.status(503).type('text/html; charset=utf-8').send(missingPage);
    return true;
  };
}
