export { AnswersOperation } from './answers-operation.ts';
export { answerOperation, type StatusReply } from './operation-answer.ts';
export { Operation, type OperationKind, type OperationStatus } from './operation.dto.ts';
export { operationChanged } from './operation-changed.ts';
export { OperationEntity } from './operation.entity.ts';
export { Operations, OperationUnknown, TooManyOperations, type OperationPlan } from './operations.ts';
export { OperationsModule } from './operations.module.ts';
