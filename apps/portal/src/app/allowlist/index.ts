export { AllowlistActions } from './allowlist-actions';
export { SeenList } from './seen-list';
export { AllowlistApi } from './allowlist-api';
