import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input, Service } from '@angular/core';
import { geoSource } from '../api/generated/fn/geo/geo-source';
import { type GeoSourceInfo } from '../api/generated/models';
import { Clock } from './clock';
import { formatAge, formatDay } from './format';

/** Where places come from; read once. */
@Service()
export class PlaceSource {
  private readonly resource = httpResource<GeoSourceInfo>(() => geoSource.PATH);
  readonly info = computed(() => (this.resource.hasValue() ? this.resource.value() : null));
}

/** How old the place data is; with `credits` also whose it is, as its licences ask. */
@Component({
  selector: 'bangui-place-data',
  template: `
    @if (info(); as source) {
      @if (source.kind === 'none') {
        <span i18n>no place data</span>
      } @else {
        <span [title]="title()">{{ age() }}</span>
      }
      @if (credits()) {
        @for (credit of credited(); track credit.label) {
          <span
            >· <a [href]="credit.url" target="_blank" rel="noreferrer noopener">{{ credit.label }}</a></span
          >
        }
      }
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 4px;
      font-size: var(--fs-12);
      color: var(--text-muted);
    }
  `,
})
export class PlaceData {
  private readonly clock = inject(Clock);
  readonly credits = input(false);

  protected readonly info = inject(PlaceSource).info;
  protected readonly age = computed(() => {
    const at = this.info()?.builtAt ?? null;
    return at === null
      ? $localize`offline data`
      : $localize`offline data, ${formatAge(this.clock.now() - at)}:age: old`;
  });
  protected readonly title = computed(() => {
    const source = this.info();
    if (!source) return '';
    return source.builtAt === null ? source.name : `${source.name}, ${formatDay(source.builtAt)}`;
  });
  protected readonly credited = computed(() => {
    const all = this.info()?.parts.flatMap((part) => part.credits) ?? [];
    // Two parts may come from the same people.
    return [...new Map(all.map((credit) => [credit.label, credit])).values()].filter(({ url }) =>
      url.startsWith('https://'),
    );
  });
}
