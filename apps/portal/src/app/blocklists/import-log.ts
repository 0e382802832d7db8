import { Component, inject, input } from '@angular/core';
import { viewOf } from '../api/resource-view';
import { Failed } from '../ui/failed';
import { formatClock } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Skeleton } from '../ui/skeleton';
import { BlocklistsApi } from './blocklists-api';
import { FunnelList } from './funnel-list';

/** The steps of one import, and what it made of the list. */
@Component({
  selector: 'bangui-import-log',
  imports: [Failed, FunnelList, HostileText, Skeleton],
  template: `
    @let now = view();
    @switch (now.kind) {
      @case ('loading') {
        <bangui-skeleton [rows]="3" />
      }
      @case ('failed') {
        <bangui-failed
          [problem]="now.problem"
          what="The log could not be read."
          i18n-what
          (retry)="resource.reload()"
        />
      }
      @case ('ready') {
        @if (now.value.funnel; as funnel) {
          <bangui-funnel-list [funnel]="funnel" />
        }
        <ol class="code" aria-label="Log of the import" i18n-aria-label>
          @for (line of now.value.log; track $index) {
            <li [class.danger]="line.level === 'error'" [class.watch]="line.level === 'warn'">
              <span class="muted">{{ clock(line.at) }}</span>&ngsp;
              <bangui-hostile-text [class.fg]="line.level !== 'info'" [text]="line.message" />
            </li>
          } @empty {
            <li class="muted" i18n>It says nothing yet.</li>
          }
        </ol>
      }
    }
  `,
  styles: `
    ol {
      margin: 6px 0;
      overflow-wrap: anywhere;
    }
  `,
})
export class ImportLog {
  readonly id = input.required<string>();
  protected readonly resource = inject(BlocklistsApi).runDetail(() => this.id());
  protected readonly view = viewOf(this.resource);
  protected readonly clock = formatClock;
}
