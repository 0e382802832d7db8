import { httpResource } from '@angular/common/http';
import { computed, Service } from '@angular/core';
import type { registerMap } from './drawing';

/** What ECharts takes as a map. */
export type Shapes = Parameters<typeof registerMap>[1];

/** The outlines of all countries: a file of the portal, read once, when the first map is shown. */
@Service()
export class WorldShapes {
  private readonly file = httpResource<Exclude<Shapes, string>>(() => 'geo/world.json');

  readonly shapes = computed(() => (this.file.hasValue() ? this.file.value() : null));
  readonly isMissing = computed(() => this.file.status() === 'error');

  reload(): void {
    this.file.reload();
  }
}
