// Pictures of pages, by width and theme, into end2end/screenshots.
import { open, test } from './test.ts';

const PAGES: Record<string, string> = {
  home: '/',
};

const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

test.use({ serverChoices: { demo: true } });

for (const [name, address] of Object.entries(PAGES)) {
  for (const viewport of WIDTHS) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`${name} ${viewport.width} ${colorScheme}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await open(page, address);
        const path = `screenshots/${name}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path, fullPage: true });
      });
    }
  }
}
