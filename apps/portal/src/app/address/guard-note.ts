import { Component, computed, inject, input, resource } from '@angular/core';
import { JailsState } from '../api/jails-state';
import { BansApi } from '../bans/index';
import { Icon } from '../ui/icon';

/** Says beforehand whether the lock-out guard would refuse a ban. Says nothing while nobody knows. */
@Component({
  selector: 'bangui-guard-note',
  imports: [Icon],
  template: `
    @switch (outcome()) {
      @case ('guarded') {
        <p class="note watch">
          <bangui-icon name="allow" /><span i18n
            >BanGUI refuses to ban this: it would lock you or this server out.</span
          >
        </p>
      }
      @case ('free') {
        <p class="note info">
          <bangui-icon name="info" /><span i18n
            >This is not your address, the proxy, the gateway or the server. It may be banned.</span
          >
        </p>
      }
    }
  `,
})
export class GuardNote {
  private readonly api = inject(BansApi);
  private readonly jails = inject(JailsState);

  readonly address = input.required<string>();

  private readonly jail = computed(() => this.jails.running()[0]?.name);
  private readonly preview = resource({
    params: () => {
      const jail = this.jail();
      return jail === undefined ? undefined : { jail, address: this.address() };
    },
    loader: ({ params }) => this.api.preview(params.jail, [params.address]),
  });
  protected readonly outcome = computed(() => {
    if (!this.preview.hasValue()) return null;
    const outcome = this.preview.value().items[0]?.outcome;
    if (outcome === 'guarded') return 'guarded';
    return outcome === 'will-ban' || outcome === 'already-banned' ? 'free' : null;
  });
}
