export { BanActions } from './ban-actions';
export { BanList } from './ban-list';
export { BansApi } from './bans-api';
export { BansView } from './bans-view';
export { looksLikeAddress, splitAddresses } from './address-text';
