export { ArmedChip } from './armed-chip';
export { JailActions } from './jail-actions';
export { concernOf, partWords } from './jail-words';
export { JailsApi } from './jails-api';
