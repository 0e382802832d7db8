// Runs in the child. Nothing may be loaded before the hooks are in place but what they need.
import { registerHooks } from 'node:module';
import type { ChildPlaces } from '../messages.ts';
import { resolverFor } from './resolver.ts';

const places = JSON.parse(process.argv[2] ?? '') as ChildPlaces;
registerHooks({ resolve: resolverFor(places) });
const { serve } = await import('./serve.ts');
await serve(places.entry);
