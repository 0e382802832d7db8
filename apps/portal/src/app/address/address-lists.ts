import { httpResource } from '@angular/common/http';
import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { blocklistsLookUp } from '../api/generated/fn/blocklists/blocklists-look-up';
import { type LookupResult } from '../api/generated/models';
import { viewOf } from '../api/resource-view';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';

/** Which blocklists hold it, and whether that blocks it. */
@Component({
  selector: 'bangui-address-lists',
  imports: [HostileText, Icon, RouterLink, Skeleton],
  template: `
    @let now = view();
    <section class="panel" aria-labelledby="lists-title">
      <header>
        <h2 id="lists-title" i18n>On blocklists</h2>
        @if (now.kind === 'ready' && now.value.isBlocked) {
          <span class="chip info"><bangui-icon name="info" /><span i18n>to be blocked</span></span>
        } @else if (now.kind === 'ready' && now.value.isAllowlisted) {
          <span class="chip ok"><bangui-icon name="allow" /><span i18n>on the allowlist</span></span>
        }
        <span class="r"><a routerLink="/blocklists" i18n>All lists</a></span>
      </header>
      @switch (now.kind) {
        @case ('loading') {
          <bangui-skeleton [rows]="2" />
        }
        @case ('failed') {
          <p class="body muted" i18n>Not known: the lists could not be looked through.</p>
        }
        @case ('ready') {
          @if (now.value.items.length === 0) {
            <p class="body muted" i18n>No list holds it.</p>
          } @else {
            <ul class="body">
              @for (hit of now.value.items; track hit.sourceId) {
                <li>
                  <a routerLink="/blocklists/runs" [queryParams]="{ source: hit.sourceId }"
                    ><bangui-hostile-text [text]="hit.name"
                  /></a>
                  @if (!hit.isWhole) {
                    <span class="muted small" i18n>a part of it</span>
                  }
                  @if (!hit.isEnabled) {
                    <span class="muted small" i18n>switched off</span>
                  }
                </li>
              }
            </ul>
          }
        }
      }
    </section>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    ul {
      display: grid;
      gap: 6px;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 8px;
      align-items: baseline;
      overflow-wrap: anywhere;
    }
  `,
})
export class AddressLists {
  readonly address = input.required<string>();

  private readonly resource = httpResource<LookupResult>(() => ({
    url: blocklistsLookUp.PATH,
    params: { address: this.address() },
  }));
  protected readonly view = viewOf(this.resource, () => this.address());
}
