import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Values of one metric, each with its labels. */
export type Samples<Label extends string> = readonly (readonly [
  labels: Readonly<Record<Label, string>>,
  value: number,
])[];

/** All metrics of this instance: there may be several instances in one process, as in tests. */
@Injectable()
export class MetricsRegistry {
  private readonly registry = new Registry();
  private readonly readers = new Set<() => void | Promise<void>>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Of the text that {@link text} gives. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** A value that is read when somebody asks, for each set of labels; those of before that are no more are forgotten. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ): (samples: Samples<Label>) => void {
    const gauge = new Gauge({ name, help, labelNames, registers: [this.registry] });
    return (samples) => {
      gauge.reset();
      for (const [labels, value] of samples) gauge.set(labels, value);
    };
  }

  /** Something that is counted as it happens. */
  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A duration in seconds. */
  histogram<Label extends string>(
    name: string,
    help: string,
    { labelNames, buckets }: { readonly labelNames: readonly Label[]; readonly buckets: readonly number[] },
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [this.registry] });
  }

  /** Is called before metrics are given out, to set gauges. One that fails leaves its gauges as they were. */
  onRead(reader: () => void | Promise<void>): void {
    this.readers.add(reader);
  }

  /** Everything in Prometheus's text format. Never rejects for one that cannot be read. */
  async text(): Promise<string> {
    await Promise.allSettled([...this.readers].map(async (reader) => reader()));
    return this.registry.metrics();
  }
}
