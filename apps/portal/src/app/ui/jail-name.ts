import { Component, computed, input } from '@angular/core';

/** A jail's name beside its colour, which is the same everywhere. */
@Component({
  selector: 'bangui-jail-name',
  template: `<i [style.background]="paint()"></i><span class="trunc">{{ name() }}</span>`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      /* Else it would stand on the line by its first picture, a little above the text beside it. */
      vertical-align: top;
      gap: 7px;
      color: var(--text-strong);
      min-width: 0;
      max-width: 100%;
    }
    i {
      width: 9px;
      height: 9px;
      border-radius: 2px;
      flex: none;
    }
  `,
})
export class JailName {
  readonly name = input.required<string>();
  /** 1 to 12, or 0 for a jail without a colour of its own. */
  readonly colour = input.required<number>();
  protected readonly paint = computed(() => jailPaint(this.colour()));
}

/** The CSS colour of a jail. */
export function jailPaint(colour: number): string {
  return colour >= 1 && colour <= 12 ? `var(--cat-${String(colour)})` : 'var(--cat-other)';
}
