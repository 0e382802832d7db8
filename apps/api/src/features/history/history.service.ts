import { Injectable } from '@nestjs/common';
import { type AddressHistory, type AddressHistoryQuery, type HistoryPage, type HistoryQuery } from './history.dto.ts';
import { HistoryUnknown } from './history.errors.ts';

/** Answers questions about the archive. */
@Injectable()
export class HistoryService {
  /** One page of events. */
  page(_query: HistoryQuery): Promise<HistoryPage> {
    return Promise.resolve({ items: [], nextCursor: null });
  }

  /** What is known of one address or network. */
  ofAddress(address: string, _query: AddressHistoryQuery): Promise<AddressHistory> {
    return Promise.reject(new HistoryUnknown(address));
  }
}
