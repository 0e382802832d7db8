import { computed, DestroyRef, inject, linkedSignal, type Signal } from '@angular/core';

/** After the last key a list is searched, milliseconds: nobody waits for it, and not every key is a search. */
const SEARCH_AFTER_MS = 250;

/** How a {@link SearchText} is made. */
export interface SearchTextOptions {
  /** What is searched for now, as the address of the page says. */
  readonly inAddress: () => string;
  /** Puts what was typed, as it was typed, into the address of the page. */
  readonly search: (text: string) => void;
  /** Pause after the last key, milliseconds. */
  readonly afterMs?: number;
}

/**
 * The text of a search field that goes to the address of the page a moment after the last key. The field follows the address
 * (Back, a link, a cleared filter), but never takes away what was typed since. To be made where a component is constructed,
 * with which it ends.
 */
export class SearchText {
  private readonly typed;
  private readonly options: Required<SearchTextOptions>;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SearchTextOptions) {
    this.options = { afterMs: SEARCH_AFTER_MS, ...options };
    const inAddress = computed(options.inAddress);
    this.typed = linkedSignal<string, string>({
      source: inAddress,
      computation: (searched, before) => {
        // An answer to an earlier key, or what stands in the field but for the spaces around it.
        const isOwn = before !== undefined && (this.timer !== undefined || before.value.trim() === searched);
        return isOwn ? before.value : searched;
      },
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  /** What stands in the field. */
  get text(): Signal<string> {
    return this.typed;
  }

  /** Takes a key: the search begins when no other follows. */
  type(text: string): void {
    this.set(text);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.options.search(text);
    }, this.options.afterMs);
  }

  /** Writes into the field what is searched for otherwise; what waited to be searched for is forgotten. */
  set(text: string): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.typed.set(text);
  }
}
