import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type VersionFile } from '../api/generated/models';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ListEnd } from '../ui/list-end';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { ApplyChange } from './apply-change';
import { ConfigurationApi } from './configuration-api';
import { versionKindWords } from './version-words';

/** Files named in a row before "and more". */
const MOST_FILES = 3;

/** Every version of the configuration, newest first. */
@Component({
  selector: 'bangui-versions-page',
  imports: [Failed, HostileText, Icon, ListEnd, Moment, RouterLink, Skeleton],
  templateUrl: './versions-page.html',
  styleUrl: './versions-page.css',
})
export class VersionsPage {
  protected readonly apply = inject(ApplyChange);
  protected readonly list = inject(ConfigurationApi).versions();
  protected readonly kind = versionKindWords;

  protected filesOf(files: readonly VersionFile[]): string {
    const named = files.slice(0, MOST_FILES).map(({ path, change }) => `${SIGNS[change]} ${path}`);
    const more = files.length - named.length;
    return more > 0 ? $localize`${named.join(', ')}:files: and ${String(more)}:count: more` : named.join(', ');
  }
}

const SIGNS = { added: '+', changed: '±', removed: '−' } as const;
