import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { ApiConfiguration } from '../api/generated/api-configuration';
import { historyExport } from '../api/generated/fn/history/history-export';
import { historyPage, type HistoryPage$Params } from '../api/generated/fn/history/history-page';
import { type HistoryPage } from '../api/generated/models';
import { type HistoryFilters } from './history-filters';

/** The file formats of an export. */
export type ExportFormat = 'csv' | 'json' | 'ndjson';

/** Which events: the filters, not before `from`, before `to` (epoch milliseconds; undefined is open). */
export interface HistoryQuery {
  readonly filters: HistoryFilters;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** What the API says about the archive. */
@Service()
export class HistoryApi {
  private readonly http = inject(HttpClient);
  private readonly config = inject(ApiConfiguration);

  /** One page, newest first; ending the subscription ends the search on the server as well. */
  page(query: HistoryQuery, cursor: string | null, limit: number): Observable<HistoryPage> {
    const params: HistoryPage$Params = { ...paramsOf(query), limit, ...(cursor === null ? {} : { cursor }) };
    return historyPage(this.http, this.config.rootUrl, params).pipe(map((response) => response.body));
  }

  /** Where the export of these events is. */
  exportUrl(query: HistoryQuery, format: ExportFormat, maxRows: number): string {
    const url = new URL(historyExport.PATH, document.baseURI);
    for (const [name, value] of Object.entries({ ...paramsOf(query), format, maxRows })) {
      url.searchParams.set(name, String(value));
    }
    return url.href;
  }
}

function paramsOf({ filters, from, to }: HistoryQuery): HistoryPage$Params {
  const { jail, network, country, asn, text } = filters;
  // The filters were checked when they were read from the address of the page.
  const origin = filters.origin === 'blocklist' ? 'blocklist' : 'selfblock';
  const action = filters.action === 'unban' ? 'unban' : 'ban';
  return {
    ...(jail === undefined ? {} : { jail }),
    ...(network === undefined ? {} : { network }),
    ...(country === undefined ? {} : { country }),
    ...(asn === undefined ? {} : { asn: Number(asn) }),
    ...(filters.origin === undefined ? {} : { origin }),
    ...(filters.action === undefined ? {} : { action }),
    ...(text === undefined ? {} : { text }),
    ...(from === undefined ? {} : { from: Math.floor(from) }),
    ...(to === undefined ? {} : { to: Math.floor(to) }),
  };
}
