import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test's server saw of one request. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface McpHttpServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** Serves MCP over HTTP with the official library's handler. */
export async function mcpHttpServer(
  handler: (request: Request) => Promise<Response>,
): Promise<McpHttpServer> {
  const seen: SeenRequest[] = [];
  const server: Server = createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    seen.push({ method, path, authorization: headers.authorization });
    void bodyOf(request)
      .then((body) =>
        handler(
          new Request(`http://${headers.host ?? 'localhost'}${path}`, {
            method,
            headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
              typeof value === 'string' ? [[name, value]] : [],
            ),
            ...(method === 'POST' ? { body } : {}),
          }),
        ),
      )
      .then(async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        if (answer.body) for await (const chunk of answer.body) response.write(chunk);
        response.end();
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
