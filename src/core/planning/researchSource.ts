import type { Result } from '../../base/result';
import type { ResearchFinding } from '../model/handoff';
import type { ResearchQuestion } from './researchQuestions';

/** Somebody who may know the answer to a question about a task: the repository's documents, an MCP server. */
export interface ResearchSource {
  /** For people. */
  readonly name: string;
  /**
   * Makes ready to answer these; asks a person where something would leave the machine. Returns what will not be asked,
   * and why. Time a person takes is not limited.
   */
  prepare(questions: readonly ResearchQuestion[], signal: AbortSignal): Promise<readonly string[]>;
  /** Best first; none where it knows nothing. A failure is a sentence for a person. */
  answer(question: ResearchQuestion, signal: AbortSignal): Promise<Result<ResearchFinding[], string>>;
  /** Ends whatever was started. Never rejects. */
  close(): Promise<void>;
}
