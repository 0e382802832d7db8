import { Component, computed, input } from '@angular/core';
import { textRuns } from './text-runs';

/** Text that an attacker may have written. Shown as text; control and direction characters are boxed by their name. */
@Component({
  selector: 'bangui-hostile-text',
  // Every run stands in an element: a line break between bare texts would show as a space that nobody wrote.
  template: `
    @for (run of runs(); track $index) {
      <span [class.ctl]="run.isControl">{{ run.text }}</span>
    }
  `,
  styles: `
    :host {
      overflow-wrap: anywhere;
      unicode-bidi: isolate;
    }
  `,
})
export class HostileText {
  readonly text = input.required<string>();
  /** Line ends and tabs are kept instead of boxed. */
  readonly multiline = input(false);
  protected readonly runs = computed(() => textRuns(this.text(), { keepsLines: this.multiline() }));
}
