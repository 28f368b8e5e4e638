import { rmSync } from 'node:fs';

export default async function globalTeardown(): Promise<void> {
  const { identikitTestServer } = globalThis as unknown as {
    identikitTestServer?: { stop: () => Promise<void>; folder: string };
  };
  await identikitTestServer?.stop();
  if (identikitTestServer) rmSync(identikitTestServer.folder, { recursive: true, force: true });
}
