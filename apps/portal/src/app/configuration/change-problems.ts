import { Component, computed, input } from '@angular/core';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { type FoundProblem, type ProblemStep } from './found-problem';

/** Why a change is not made, by the check that found it. */
@Component({
  selector: 'bangui-change-problems',
  imports: [HostileText, Icon],
  template: `
    <div class="note danger" role="alert">
      <bangui-icon name="danger" />
      <div class="grow">
        <p class="strong" i18n>fail2ban would not take this. Nothing was written, every jail goes on as it is.</p>
        @for (group of groups(); track group.step) {
          <h3>{{ words(group.step) }}</h3>
          <ul>
            @for (problem of group.problems; track $index) {
              <li>
                @if (problem.place !== '') {
                  <bangui-hostile-text class="mono strong" [text]="problem.place" />
                }
                <bangui-hostile-text class="mono" [text]="problem.message" [multiline]="true" />
              </li>
            }
          </ul>
        }
      </div>
    </div>
  `,
  styles: `
    h3 {
      margin: 8px 0 2px;
      color: var(--text-normal);
    }
    li {
      display: grid;
      padding: 3px 0;
    }
    li bangui-hostile-text {
      white-space: pre-wrap;
    }
  `,
})
export class ChangeProblems {
  readonly problems = input.required<readonly FoundProblem[]>();
  protected readonly groups = computed(() =>
    [...Map.groupBy(this.problems(), ({ step }) => step)].map(([step, problems]) => ({ step, problems })),
  );

  protected words(step: ProblemStep): string {
    switch (step) {
      case 'reader':
        return $localize`Found by BanGUI, reading the files as fail2ban does`;
      case 'test':
        return $localize`Found by fail2ban-client -t`;
      case 'dry-run':
        return $localize`Found in a trial run with fail2ban's own programs`;
      case 'probe':
        return $localize`Found by trying new regular expressions on lines`;
      case null:
        return $localize`It cannot be written like that`;
    }
  }
}
