// npm test: everything that can be proven here.
import { runTiers } from './runTiers.mjs';
import { setUp } from './setup.mjs';
import { everything } from './tiers.mjs';

process.exitCode = await runTiers(everything, await setUp());
