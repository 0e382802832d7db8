export { EnforcementModule } from './enforcement.module.ts';
export { EnforcementPolicyEntity } from './enforcement-policy.entity.ts';
export { EnforcementService } from './enforcement.service.ts';
export { EnforcementStateEntity } from './enforcement-state.entity.ts';
export { type Wanted, type WantedDelta, WantedSource } from './wanted-source.ts';
