export { LiveModule } from './live.module.ts';
export { LiveStreams } from './live-streams.ts';
