import { postForStream } from './postForStream';

/**
 * A fetch that notices silence: `signal` is aborted when, once the request was made, neither a header nor a byte of the
 * body arrives for the given time. It counts bytes of the wire, so that a service's keep-alive lines are signs of life although they mean nothing.
 */
export class StallWatch {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(private readonly timeoutMs: number) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Takes what the SDK's providers give: an address and a text. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    this.touch();
    const url = new URL(input instanceof Request ? input.url : input);
    const response = await postForStream(url, init, () => this.touch());
    refusePages(response, url);
    return response;
  };

  /** What still arrives afterwards is no sign any more: a timer would keep the program from ending. */
  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private touch(): void {
    clearTimeout(this.timer);
    if (this.isOver || this.controller.signal.aborted) return;
    this.timer = setTimeout(() => this.controller.abort(new Error('stalled')), this.timeoutMs);
  }
}

/** A web page with status 200 is a wrong address (a portal, a proxy), which no retry mends. */
function refusePages(response: Response, url: URL): void {
  if (response.ok && response.headers.get('content-type')?.includes('text/html'))
    throw new PageAnswered(url.href);
}

export class PageAnswered extends Error {
  constructor(readonly url: string) {
    super(`${url} answered with a web page`);
  }
}
