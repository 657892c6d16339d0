/** The monitoring room's page in a real browser, worked by keyboard. */
import type { Page } from 'playwright-core';
import { Browser, type Screen } from './browser.ts';

export const CONSOLE_900: Screen = { width: 1440, height: 900 };

export class ConsoleScreen {
  readonly #browser = new Browser();
  page!: Page;

  /** Logs in, passes the sound check, and sits down at the desk. */
  async sitsDown(consoleUrl: string, user: string, password: string, screen: Screen = CONSOLE_900): Promise<this> {
    this.page = await this.#browser.opens(consoleUrl, screen);
    await this.page.getByLabel('账号').fill(user);
    await this.page.getByLabel('密码').fill(password);
    await this.page.getByLabel('密码').press('Enter');
    await this.page.getByRole('button', { name: '听到了', exact: true }).click({ timeout: 20_000 });
    await this.page.locator('[data-testid="feed"][data-state="live"]').waitFor({ timeout: 20_000 });
    return this;
  }

  /** Waits for the row of a case that is open on the desk in the given state; gives the case's number. */
  async hasCase(state: string, caseNo?: string, timeoutMs = 30_000): Promise<string> {
    const row = this.page.locator(`[role="option"]${caseNo ? `[data-case-no="${caseNo}"]` : ''}[data-state="${state}"]`).first();
    await row.waitFor({ timeout: timeoutMs });
    return (await row.getAttribute('data-case-no')) ?? '';
  }

  async selects(caseNo: string): Promise<void> {
    await this.page.locator(`[role="option"][data-case-no="${caseNo}"]`).click();
    await this.page.locator(`[data-testid="case"][data-case-no="${caseNo}"]`).waitFor();
  }

  async signs(): Promise<void> {
    await this.page.keyboard.press('s');
    await this.caseIs('signed');
  }

  async sendsSomebody(): Promise<void> {
    await this.page.keyboard.press('h');
    await this.caseIs('handling');
  }

  /** Waits until the case on the desk is shown in this state. */
  async caseIs(state: string): Promise<void> {
    await this.page.locator(`[data-testid="case"][data-state="${state}"]`).waitFor();
  }

  /** Opens the form of a command by its key, writes the text and sends it. */
  async writes(key: 'n' | 'e' | 'r' | 'c', text: string): Promise<void> {
    await this.page.keyboard.press(key);
    const field = this.page.locator('#command-text');
    await field.waitFor();
    await field.fill(text);
    await field.press('Control+Enter');
    await field.waitFor({ state: 'detached' });
  }

  /** The text of the desk's case. */
  caseText(): Promise<string> {
    return this.page.locator('[data-testid="case"]').innerText();
  }

  async getsUp(): Promise<void> {
    await this.#browser.closes();
  }
}
