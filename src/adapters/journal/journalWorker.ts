import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { journalFailure } from './journalFailure';
import type { FromWorker, WorkerData } from './journalProtocol';
import { JournalService } from './journalService';

/** Entry of the worker thread that owns the database. */
if (parentPort) serve(parentPort, (workerData as WorkerData).path);

function serve(port: MessagePort, path: string): void {
  const post = (message: FromWorker) => port.postMessage(message);
  try {
    new JournalService(post, path, () => port.close()).listen(port);
    post({ kind: 'opened' });
  } catch (error) {
    post({ kind: 'refused', failure: journalFailure(error, path, 'Opening') });
    port.close();
  }
}
