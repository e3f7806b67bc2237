import { Document, isScalar, visit } from 'yaml';
import type { Plan, PlanFile } from '../model/plan';
import { activeFormOf } from './activeForm';
import { planFileOf } from './planFileOf';

type FileTask = PlanFile['tasks'][number];

/** A plan as the YAML a person edits (`design.md` §7): without what would be filled in the same way again. */
export function planFileText(plan: Plan, head: readonly string[] = []): string {
  const { tasks, ...rest } = planFileOf(plan);
  const document = new Document({ ...withoutEmpty(rest), tasks: tasks.map((task) => plainTask(task, plan)) });
  document.commentBefore = head.map((line) => ` ${line}`).join('\n');
  visit(document, {
    Scalar(_, node) {
      // What has several lines is read best as lines.
      if (isScalar(node) && typeof node.value === 'string' && node.value.includes('\n'))
        node.type = 'BLOCK_LITERAL';
    },
  });
  return document.toString({ lineWidth: 110 });
}

/** A task without the values that are what completion gives it anyway. */
function plainTask({ activeForm, gates, priority, ...task }: FileTask, plan: Plan): Partial<FileTask> {
  const isUsual = gates?.join('\n') === plan.gates.join('\n') || (task.run ?? task.prompt) === undefined;
  return {
    ...withoutEmpty(task),
    ...(activeForm === activeFormOf(task.title ?? '') ? {} : { activeForm }),
    ...(isUsual ? {} : { gates }),
    ...(priority === 'normal' ? {} : { priority }),
  };
}

function withoutEmpty<T extends object>(fields: T): Partial<T> {
  const isEmpty = (value: unknown) =>
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as Partial<T>;
}
