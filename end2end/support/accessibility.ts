// The automatic part of accessibility, by axe, in both themes.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * Expects that axe finds nothing on the page as it is now, neither light nor dark. The themes
 * differ in colours alone, so what has nothing to do with them is looked at once.
 */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page });
    if (colorScheme === 'dark') axe.withRules(ABOUT_COLOURS);
    const { violations } = await axe.analyze();
    const findings = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.html} ${node.failureSummary}`),
    );
    expect(findings, `findings in the ${colorScheme} theme`).toEqual([]);
  }
}
