import { Injectable } from '@nestjs/common';
import { type Task } from './task.ts';

/** Every task of the features. They register while modules are initialised; the scheduler begins after that. */
@Injectable()
export class TaskRegistry {
  private readonly tasks = new Map<string, Task>();

  /** Adds a task. */
  register(task: Task): void {
    if (this.tasks.has(task.id)) throw new Error(`There are two tasks with the id ${task.id}.`);
    this.tasks.set(task.id, task);
  }

  /** By id; undefined when there is none. */
  find(id: string): Task | undefined {
    return this.tasks.get(id);
  }

  /** All, in the order of their ids. */
  all(): readonly Task[] {
    return [...this.tasks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
