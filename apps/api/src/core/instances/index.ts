export { InstallationEntity } from './installation.entity.ts';
export { installationId } from './installation-id.ts';
export { InstanceBus, type TopicListener } from './instance-bus.ts';
export { InstanceTransport, NoTransport, type TransportListener } from './instance-transport.ts';
export { InstancesModule } from './instances.module.ts';
export { PostgresTransport } from './postgres-transport.ts';
export { RedisTransport } from './redis-transport.ts';
export { defineTopic, membersOf, type Topic } from './topic.ts';
