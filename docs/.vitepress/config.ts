import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { anchorOf } from '../../scripts/docs/markdown.ts';
import { PARTS, sideBar } from '../../scripts/docs/navigation.ts';
import { siteLink } from '../../scripts/docs/site-links.ts';

const docs = join(import.meta.dirname, '..');

/** The documentation as a site: the same files that are read in the repository, with search and without any other host. */
export default defineConfig({
  title: 'BanGUI',
  description: 'Run fail2ban from a browser: see it, prove it, steer it.',
  lang: 'en',
  // No picture, so that no browser asks for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // Readable from a folder of any web server, whatever it makes of addresses without an ending.
  cleanUrls: false,
  rewrites: (page) => page.replace(/(^|\/)README\.md$/, '$1index.md'),
  lastUpdated: false,
  // http://localhost:8000 is where a reader's own BanGUI is.
  ignoreDeadLinks: 'localhostLinks',
  // 5173 is the portal's, of `make dev`.
  vite: { server: { port: 5174 } },
  themeConfig: {
    nav: PARTS.map(([folder, text]) => ({ text, link: `/${folder}/`, activeMatch: `^/${folder}/` })),
    sidebar: Object.fromEntries(PARTS.map(([folder]) => [`/${folder}/`, sideBar(docs, folder)])),
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [],
  },
  markdown: {
    anchor: { slugify: anchorOf },
    html: false,
    languageAlias: { caddyfile: 'nginx' },
    config: (markdown) => {
      // Vue would run what stands between two braces.
      for (const name of ['text', 'code_inline']) {
        const draw = markdown.renderer.rules[name];
        markdown.renderer.rules[name] = (...args) => draw?.(...args).replaceAll('{{', '&#123;&#123;') ?? '';
      }
      // Before VitePress looks at them: it knows neither READMEs nor what lies outside of its folder.
      markdown.core.ruler.push('bangui-links', ({ tokens, env }) => {
        const page: unknown = (env as { relativePath?: unknown }).relativePath;
        const path = (env as { path?: string }).path;
        const own = path?.startsWith(docs) ? path.slice(docs.length + 1) : String(page);
        for (const { children } of tokens) {
          for (const token of children ?? []) {
            if (token.type !== 'link_open') continue;
            const link = siteLink(docs, own, token.attrGet('href') ?? '');
            if (link.kind === 'page') token.attrSet('href', link.href);
            else {
              token.tag = 'span';
              token.attrs = [['title', `${link.path} in the repository`]];
              const close = children?.slice(children.indexOf(token)).find(({ type }) => type === 'link_close');
              if (close) close.tag = 'span';
              token.type = 'span_open';
            }
          }
        }
      });
    },
  },
});
