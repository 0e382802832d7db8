import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type AddressJail } from '../api/generated/models';
import { JailsState } from '../api/jails-state';
import { formatNumber } from '../ui/format';
import { JailName, jailPaint } from '../ui/jail-name';
import { Moment } from '../ui/moment';

/** Which jails banned it, and how often. */
@Component({
  selector: 'bangui-address-jails',
  imports: [JailName, Moment, RouterLink],
  template: `
    <section class="panel" aria-labelledby="jails-title">
      <header><h2 id="jails-title" i18n>Jails it hit</h2></header>
      @if (rows().length === 0) {
        <p class="none muted small" i18n>None. It was only unbanned.</p>
      } @else {
        <ul>
          @for (row of rows(); track row.jail) {
            <li>
              <a class="trunc" [routerLink]="['/jails', row.jail]"
                ><bangui-jail-name [name]="row.jail" [colour]="row.colour"
              /></a>
              <bangui-moment class="muted small nw" form="age" [at]="row.lastAt" />
              <span class="bar" aria-hidden="true"><i [style.width.%]="row.width" [style.--c]="row.paint"></i></span>
              <a class="num" routerLink="/history" [queryParams]="{ network: address(), jail: row.jail, range: '365d' }"
                >{{ number(row.bans) }}<span class="vh" i18n> bans</span></a
              >
            </li>
          }
        </ul>
      }
    </section>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    ul {
      padding-bottom: 8px;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto 56px 44px;
      gap: 10px;
      align-items: center;
      min-height: 28px;
      padding: 0 14px;
      font-size: var(--fs-13);
    }
    .none {
      padding: 2px 14px 14px;
    }
    @media (max-width: 599px) {
      li {
        min-height: 40px;
      }
    }
  `,
})
export class AddressJails {
  private readonly state = inject(JailsState);

  readonly address = input.required<string>();
  readonly jails = input.required<readonly AddressJail[]>();

  protected readonly number = formatNumber;
  protected readonly rows = computed(() => {
    const jails = [...this.jails()].sort((a, b) => b.bans - a.bans || b.lastAt - a.lastAt);
    const most = Math.max(1, jails[0]?.bans ?? 0);
    return jails.map((jail) => {
      const colour = this.state.colourOf(jail.jail);
      return { ...jail, colour, paint: jailPaint(colour), width: (jail.bans / most) * 100 };
    });
  });
}
