export { AllowlistActions } from './allowlist-actions';
export { AllowlistApi } from './allowlist-api';
