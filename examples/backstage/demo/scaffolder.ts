import { setTimeout as sleep } from 'node:timers/promises';
import type { PortalUser } from './portal.ts';

export interface TaskEvent {
  id: number;
  type: 'log' | 'completion';
  body: {
    message: string;
    stepId?: string;
    status?: string;
    output?: {
      links?: Array<{ title: string; url?: string; entityRef?: string }>;
    };
    error?: { name: string; message: string };
  };
}

/** Runs a template to its end, and passes on what happens as it happens. */
export async function runTemplate(
  user: PortalUser,
  templateRef: string,
  values: object,
  onEvent: (event: TaskEvent) => void = () => {},
  timeoutSeconds = 120,
): Promise<{ taskId: string; status: string; completion: TaskEvent['body'] }> {
  const { id: taskId } = await user.post('/api/scaffolder/v2/tasks', {
    templateRef,
    values,
  });
  const deadline = Date.now() + timeoutSeconds * 1000;
  let after = 0;
  while (Date.now() < deadline) {
    const events: TaskEvent[] = await user.get(
      `/api/scaffolder/v2/tasks/${taskId}/events?after=${after}`,
    );
    for (const event of events) {
      after = event.id;
      onEvent(event);
      if (event.type === 'completion') {
        const { status } = await user.get(`/api/scaffolder/v2/tasks/${taskId}`);
        return { taskId, status, completion: event.body };
      }
    }
    await sleep(200);
  }
  throw new Error(`the task ${taskId} has not ended after ${timeoutSeconds} s`);
}
