export { ApplyChange } from './apply-change';
export { ConfigurationApi } from './configuration-api';
