// The tasks of Istio's documentation that the embedded cluster says it supports.
import { edgeTasks } from './edge-tasks.ts';
import { localityTasks } from './locality-tasks.ts';
import { observabilityTasks } from './observability-tasks.ts';
import { securityTasks } from './security-tasks.ts';
import type { Task } from './task.ts';
import { trafficTasks } from './traffic-tasks.ts';

export const tasks: Task[] = [...trafficTasks, ...localityTasks, ...edgeTasks, ...securityTasks, ...observabilityTasks];
