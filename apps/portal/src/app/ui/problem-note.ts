import { Component, input } from '@angular/core';
import { HostileText } from './hostile-text';
import { Icon } from './icon';

/** Why something was not done, said aloud where it is wanted; nothing without a text. */
@Component({
  selector: 'bangui-problem-note',
  imports: [HostileText, Icon],
  template: `
    @if (text(); as words) {
      <div class="note danger" role="alert">
        <bangui-icon name="danger" /><bangui-hostile-text [text]="words" [multiline]="multiline()" />
      </div>
    }
  `,
  styles: ':host { display: contents; }',
})
export class ProblemNote {
  /** May hold what somebody else wrote. */
  readonly text = input.required<string | null | undefined>();
  /** Whether its lines stay apart. */
  readonly multiline = input(false);
}
