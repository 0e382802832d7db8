import { Component, input, signal } from '@angular/core';
import { BanList } from '../bans/index';
import { BansView } from '../bans/index';

/** What one jail bans now. */
@Component({
  selector: 'bangui-jail-banned',
  imports: [BanList],
  template: `<bangui-ban-list [view]="view" [hasJailColumn]="false" (atTop)="isAtTop.set($event)" />`,
})
export class JailBanned {
  readonly name = input.required<string>();
  protected readonly isAtTop = signal(true);
  protected readonly view = new BansView(
    () => ({ jail: this.name() }),
    () => this.isAtTop(),
  );
}
