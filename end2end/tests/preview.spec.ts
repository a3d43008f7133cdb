// What a preview says of the plan as a whole.
import { Demo, STANDING_STILL } from '../support/demo.ts';
import { command } from '../support/portal.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

test('a preview in which a user fails does not say that directory and tenant agree', async ({
  page,
  server,
  request,
}) => {
  const demo = await Demo.of(server, request);
  // Five of the odd cases have no name that the tenant takes.
  const configuration = await demo.synchronized();
  await open(page, `${configuration}/preview`);
  await command(page, 'New preview').click();
  const verdict = page.getByRole('group', { name: /^No changes\. \d+ users? fails?\.$/ });
  await expect(verdict).toBeVisible();
  await expect(page.getByText('agree')).toHaveCount(0);
});
