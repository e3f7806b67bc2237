import type { HealthCheck } from '../../core/coordination/engine';
import type { FoundModels } from '../../core/model/foundModels';

/** What could answer on this machine, whether or not it is configured, and the day of the prices costs are counted with. */
export async function foundModels(
  find: () => Promise<readonly FoundModels[]>,
  pricesAsOf: string,
): Promise<HealthCheck> {
  const found = await find();
  const prices = `Costs are counted with list prices of ${pricesAsOf}.`;
  if (found.length === 0) {
    const message = `No model server runs, no agent is installed and no key is set here. ${prices}`;
    return { name: 'models found', status: 'ok', message };
  }
  return { name: 'models found', status: 'ok', message: `${found.map(lineOf).join('; ')}. ${prices}` };
}

const shownModels = 3;

function lineOf({ kind, name, models, place }: FoundModels): string {
  if (kind === 'key') return `${name} (key in ${place})`;
  if (kind === 'agent') return `${name} (${models.join(', ')}: ${place})`;
  if (models.length === 0) return `${name}, which has no model yet`;
  const more = models.length > shownModels ? ` and ${models.length - shownModels} more` : '';
  return `${name} (${models.slice(0, shownModels).join(', ')}${more})`;
}
