// npm run check: what to run while working.
import { runTiers } from './runTiers.mjs';
import { setUp } from './setup.mjs';
import { quick } from './tiers.mjs';

process.exitCode = await runTiers(quick, await setUp({ build: false }));
