import { Component, computed, inject, input, output } from '@angular/core';
import { countryName } from '../ui/country-name';
import { CopyText } from '../ui/copy-text';
import { DialogOpener } from '../ui/dialog-opener';
import { Icon } from '../ui/icon';
import { SearchText } from '../ui/search-text';
import { type TimeWindow } from '../ui/time-range';
import { type FilterDraft } from './filter-dialog';
import { FILTER_NAMES, type FilterName, type HistoryFilters, LONGEST_TEXT, readTyped } from './history-filters';
import { originWords } from './event-words';

/** Matched lines are many: the text is searched for this long after the last key, milliseconds. */
const SEARCH_AFTER_MS = 450;

/** What narrows the history: a field for text and typed filters, and the filters as chips that can be taken away. */
@Component({
  selector: 'bangui-filter-bar',
  imports: [Icon],
  templateUrl: './filter-bar.html',
  styleUrl: './filter-bar.css',
})
export class FilterBar {
  private readonly clipboard = inject(CopyText);
  private readonly dialogs = inject(DialogOpener);

  readonly filters = input.required<HistoryFilters>();
  /** For the counts in the dialog. */
  readonly window = input.required<TimeWindow>();
  /** All filters as they should be now. */
  readonly changed = output<HistoryFilters>();

  protected readonly longest = LONGEST_TEXT;
  protected readonly typed = new SearchText({
    inAddress: () => this.filters().text ?? '',
    search: (text) => this.searchText(text),
    afterMs: SEARCH_AFTER_MS,
  });
  protected readonly chips = computed(() =>
    FILTER_NAMES.flatMap((name) => {
      const value = this.filters()[name];
      return name === 'text' || value === undefined
        ? []
        : [{ name, label: labelOf(name), value: wordsOf(name, value) }];
    }),
  );

  /** Enter: words such as `jail:sshd` become filters. */
  protected search(event: Event): void {
    event.preventDefault();
    const { filters, text } = readTyped(this.typed.text());
    this.typed.set(text);
    this.put({ ...this.filters(), ...filters, text });
  }

  protected clear(): void {
    this.typed.set('');
    this.changed.emit({});
  }

  protected remove(name: FilterName): void {
    this.put({ ...this.filters(), [name]: undefined });
  }

  protected async openDialog(): Promise<void> {
    const chosen = await this.dialogs.open<FilterDraft, HistoryFilters>({
      load: async () => (await import('./filter-dialog')).FilterDialog,
      width: '480px',
      data: { filters: this.filters(), window: this.window() },
    });
    if (chosen) this.put({ ...chosen, text: this.filters().text });
  }

  protected copyLink(): void {
    void this.clipboard.copy(location.href, $localize`The link was copied.`);
  }

  private searchText(text: string): void {
    // Half an address is one as well: only Enter says that it is whole.
    if (!/[a-z]+:\S*$/i.test(text)) this.put({ ...this.filters(), text: text.trim() });
  }

  private put(filters: Partial<Record<FilterName, string | undefined>>): void {
    const next: Partial<Record<FilterName, string>> = {};
    for (const name of FILTER_NAMES) if (filters[name]) next[name] = filters[name];
    this.changed.emit(next);
  }
}

function labelOf(name: FilterName): string {
  const labels: Readonly<Record<FilterName, string>> = {
    jail: $localize`jail`,
    network: $localize`address`,
    country: $localize`country`,
    asn: $localize`network`,
    origin: $localize`origin`,
    action: $localize`event`,
    text: '',
  };
  return labels[name];
}

function wordsOf(name: FilterName, value: string): string {
  if (name === 'country') return countryName(value);
  if (name === 'asn') return `AS${value}`;
  if (name === 'origin') return originWords(value === 'blocklist' ? value : 'selfblock');
  if (name === 'action') return value === 'ban' ? $localize`bans` : $localize`unbans`;
  return value;
}
