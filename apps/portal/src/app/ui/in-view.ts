import { afterNextRender, DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';

/** Tells when its element comes near the visible part of the page: for reading the next rows of a list. */
@Directive({ selector: '[banguiInView]' })
export class InView {
  /** The element came into view, with a margin of a screenful. */
  readonly banguiInView = output();

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.some((entry) => entry.isIntersecting)) this.banguiInView.emit();
        },
        { rootMargin: '600px' },
      );
      observer.observe(element);
      destroyed.onDestroy(() => observer.disconnect());
    });
  }
}
