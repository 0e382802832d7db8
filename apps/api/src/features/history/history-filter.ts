import { type Network } from '@bangui/ip';
import { type EventAction, type EventOrigin } from './archive-event.ts';

/** Which events. All members narrow; none means everything. */
export interface HistoryFilter {
  readonly jail?: string | undefined;
  /** Events of this address, or of addresses and networks inside this network. */
  readonly network?: Network | undefined;
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
  readonly origin?: EventOrigin | undefined;
  readonly action?: EventAction | undefined;
  /** Not before; epoch milliseconds. */
  readonly from?: number | undefined;
  /** Before; epoch milliseconds. */
  readonly to?: number | undefined;
  /** Contained in a matched line; ASCII letters match in either case. */
  readonly text?: string | undefined;
}

/** The place of an event in the order of the archive: newest first by (at, id). */
export interface HistoryPosition {
  readonly at: number;
  readonly id: number;
}
