export { Armed, JailDetail, JailList, JailSummary, type JailState } from './jails.dto.ts';
