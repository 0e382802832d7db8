import { type Settings } from '../config/settings.ts';
import { type Log } from '../logging/log.ts';
import { NoTracing, type Tracing } from './tracing.ts';

/** The traces that the settings ask for. What sends them is loaded only then. */
export async function openTracing(settings: Pick<Settings, 'tracesEndpoint'>, log: Log): Promise<Tracing> {
  if (settings.tracesEndpoint === undefined) return new NoTracing();
  const { OtlpTracing } = await import('./otlp-tracing.ts');
  return new OtlpTracing(settings.tracesEndpoint, log);
}
