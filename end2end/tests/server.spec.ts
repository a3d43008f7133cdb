// What holds for the server as a whole: it is there, it stops in order, it comes back.
import { expect, test } from '../support/test.ts';

test('a server that is asked to stop ends in order', async ({ server }) => {
  expect(await server.stop()).toBe(0);
});

test('a server that was killed comes back on its data', async ({ request, server }) => {
  await server.kill();
  await server.start();
  expect((await request.get('/healthz')).ok()).toBe(true);
});
