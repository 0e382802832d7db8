import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { viewOf } from '../api/resource-view';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { ApplyChange } from './apply-change';
import { ConfigurationApi } from './configuration-api';
import { FileDifference } from './file-difference';
import { versionKindWords } from './version-words';

/** What one version changed, and the way back to it. */
@Component({
  selector: 'bangui-version-page',
  imports: [Failed, FileDifference, HostileText, Icon, Moment, RouterLink, Skeleton],
  templateUrl: './version-page.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
      min-width: 0;
    }
    .title {
      font-size: var(--fs-16);
    }
    .body {
      display: grid;
      gap: 14px;
      padding-top: 12px;
    }
  `,
})
export class VersionPage {
  /** From the path. */
  readonly number = input.required<string>();
  protected readonly apply = inject(ApplyChange);
  protected readonly read = inject(ConfigurationApi).version(() => Number(this.number()));
  protected readonly view = viewOf(this.read);
  protected readonly kind = versionKindWords;
}
