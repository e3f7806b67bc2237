import type { Agent } from '../../../core/model/agent';
import { architect } from '../builtIn/architect';
import { documenter } from '../builtIn/documenter';
import { implementer } from '../builtIn/implementer';
import { performanceEngineer } from '../builtIn/performanceEngineer';
import { releaseEngineer } from '../builtIn/releaseEngineer';
import { reviewer } from '../builtIn/reviewer';
import { securityEngineer } from '../builtIn/securityEngineer';
import { testEngineer } from '../builtIn/testEngineer';

/** The agents that are always there and work with a language model. A file with the same name takes their place. */
export const builtInAgents: readonly Agent[] = [
  architect,
  implementer,
  testEngineer,
  reviewer,
  documenter,
  securityEngineer,
  performanceEngineer,
  releaseEngineer,
];
