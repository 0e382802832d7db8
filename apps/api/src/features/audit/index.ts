export { AuditEventEntity, type AuditOutcome } from './audit-event.entity.ts';
export { type AuditActor, type AuditRecord, AuditTrail } from './audit-trail.ts';
export { AuditModule } from './audit.module.ts';
export { AuditRepository } from './audit.repository.ts';
