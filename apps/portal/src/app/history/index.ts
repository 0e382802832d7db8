export { eventWords } from './event-words';
export { HistoryApi, type HistoryQuery } from './history-api';
