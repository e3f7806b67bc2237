import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { realPolicy } from '../support/realPolicy';
import { scriptedPolicy } from '../support/scriptedPolicy';
import { policyContract } from './policy.contract';

policyContract('the real one', () => realPolicy({ allow: ['npm test'], deny: ['curl'] }));
policyContract('scripted (fake)', () =>
  scriptedPolicy((request) => {
    if (request.kind === 'command')
      return request.command === 'npm test' ? 'allow' : request.command.startsWith('curl') ? 'deny' : 'ask';
    if (!('root' in request)) return 'ask';
    const first =
      resolve(request.root, request.path)
        .slice(request.root.length + 1)
        .split(sep)[0] ?? '';
    const inside = resolve(request.root, request.path).startsWith(request.root + sep);
    return !inside || first === '.git' || leadsAway(request.root, first) ? 'deny' : 'allow';
  }),
);

function leadsAway(root: string, name: string): boolean {
  try {
    return !realpathSync(resolve(root, name)).startsWith(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
