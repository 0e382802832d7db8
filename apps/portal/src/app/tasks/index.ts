export { TaskActions } from './task-actions';
export { taskTitle } from './task-words';
