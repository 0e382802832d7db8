import { Component, input } from '@angular/core';
import { type KeysetList } from '../api/keyset-list';
import { Failed } from './failed';
import { InView } from './in-view';

/** Stands below the rows of a list that is read page by page: reads the next page when it comes into view, or says what failed. */
@Component({
  selector: 'bangui-list-end',
  imports: [Failed, InView],
  template: `
    @if (list().problem(); as problem) {
      <bangui-failed [problem]="problem" [what]="what()" (retry)="list().refresh()" />
    } @else if (list().isLoadingMore()) {
      <p class="muted small" role="status" i18n>Reading more…</p>
    } @else if (list().hasMore()) {
      <p (banguiInView)="list().readMore()">
        <button type="button" class="btn s" (click)="list().readMore()" i18n>Show more</button>
      </p>
    }
  `,
  styles: `
    p {
      margin: 0;
      padding: 10px 14px;
      text-align: center;
    }
  `,
})
export class ListEnd {
  readonly list =
    input.required<
      Pick<KeysetList<unknown, never>, 'problem' | 'isLoadingMore' | 'hasMore' | 'readMore' | 'refresh'>
    >();
  /** What could not be read: `The next entries could not be read.` */
  readonly what = input.required<string>();
}
