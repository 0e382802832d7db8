export { HttpMetrics } from './http-metrics.ts';
export { MetricsModule } from './metrics.module.ts';
