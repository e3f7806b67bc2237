import type { ModelScript, ScriptedAnswer, ScriptedCall, ScriptedRequest } from './modelScript';

/**
 * A model that adds gift cards to the sample shop of test/fixtures/sample: it plans four tasks (two at once, then one,
 * then one), asks for a command, asks the person a question, writes code that passes the shop's gates, and finishes.
 */

export const giftCardRequest =
  'Sell gift cards: customers pay with them at the checkout, and the receipt shows what is left on the card';
export const giftCardCommand = 'npm run types && git log --oneline -3 -- src/discount.ts';
export const giftCardQuestion = 'May a gift card pay for shipping too, or only for articles?';

interface Step {
  readonly text?: string;
  readonly calls: readonly ScriptedCall[];
}

interface Story {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly string[];
  readonly scope: readonly string[];
  readonly acceptance: readonly string[];
  readonly steps: readonly Step[];
}

const giftCard = `import { money, type Money } from './money.ts';

/** Money a customer paid in advance. */
export interface GiftCard {
  readonly code: string;
  readonly balance: Money;
}

/** What of an amount a card pays, and the card afterwards. */
export function payWith(card: GiftCard, due: Money): { paid: Money; card: GiftCard } {
  if (card.balance.currency !== due.currency) {
    throw new TypeError(\`a card in \${card.balance.currency} cannot pay \${due.currency}\`);
  }
  const cents = Math.min(card.balance.cents, due.cents);
  const balance = money(card.balance.cents - cents, due.currency);
  return { paid: money(cents, due.currency), card: { ...card, balance } };
}
`;

const cardCode = `/** The form of a card's code: four groups of four, without letters that look like digits. */
const form = /^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){3}$/;

/** True for a text a customer could have read from a card. */
export function isCardCode(text: string): boolean {
  return form.test(text.trim().toUpperCase());
}
`;

const checkout = `import { payWith, type GiftCard } from './giftCard.ts';
import { isCardCode } from './cardCode.ts';
import { add, money, type Money } from './money.ts';

/** What is left to pay after the gift cards, and what is left on each. */
export function checkout(
  due: Money,
  cards: readonly GiftCard[],
): { due: Money; cards: GiftCard[] } {
  let left = due;
  const used = cards.map((card) => {
    if (!isCardCode(card.code)) {
      throw new RangeError(\`\${card.code} is no gift card\`);
    }
    const payment = payWith(card, left);
    left = add(left, money(-payment.paid.cents, left.currency));
    return payment.card;
  });
  return { due: left, cards: used };
}
`;

const checkoutTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkout } from '../src/checkout.ts';
import { money } from '../src/money.ts';

const card = { code: 'TEAX-2345-CAFE-8899', balance: money(1000) };

test('a card pays what it can and keeps the rest', () => {
  assert.deepEqual(checkout(money(400), [card]), {
    due: money(0),
    cards: [{ ...card, balance: money(600) }],
  });
});

test('what is not a card is refused', () => {
  assert.throws(() => checkout(money(400), [{ ...card, code: 'O0' }]), /is no gift card/);
});
`;

const write = (path: string, content: string): Step => ({
  text: `Writing ${path}.`,
  calls: [{ name: 'write', input: { path, content } }],
});
const read = (...paths: string[]): Step => ({
  calls: paths.map((path) => ({ name: 'read', input: { path } })),
});
const finish = (summary: string): Step => ({ calls: [{ name: 'finish', input: { summary } }] });

export const giftCardStories: readonly Story[] = [
  {
    id: 'card-balance',
    title: 'Model a gift card and its balance',
    scope: ['src/giftCard.ts'],
    acceptance: ['a card never pays more than its balance'],
    steps: [
      read('src/money.ts', 'src/discount.ts'),
      {
        text: 'How discounts came to be tells how amounts are deducted here.',
        calls: [{ name: 'bash', input: { command: giftCardCommand } }],
      },
      write('src/giftCard.ts', giftCard),
      finish('A gift card pays what it can and keeps the rest.'),
    ],
  },
  {
    id: 'card-codes',
    title: 'Validate gift card codes',
    scope: ['src/cardCode.ts'],
    acceptance: ['letters that look like digits are refused'],
    steps: [
      { calls: [{ name: 'grep', input: { pattern: 'RangeError' } }] },
      write('src/cardCode.ts', cardCode),
      finish('Codes are four groups of four.'),
    ],
  },
  {
    id: 'checkout',
    title: 'Pay with gift cards at the checkout',
    needs: ['card-balance', 'card-codes'],
    scope: ['src/checkout.ts'],
    acceptance: ['several cards are used in their order'],
    steps: [
      read('src/giftCard.ts'),
      { calls: [{ name: 'ask_user', input: { question: giftCardQuestion } }] },
      write('src/checkout.ts', checkout),
      finish('The checkout uses cards in their order.'),
    ],
  },
  {
    id: 'checkout-tests',
    title: 'Test the checkout with gift cards',
    needs: ['checkout'],
    scope: ['test/**'],
    acceptance: ['an empty card and a wrong code are covered'],
    steps: [write('test/checkout.test.ts', checkoutTest), finish('Two tests cover the checkout.')],
  },
];

const plan = {
  analysis: {
    complexity: 'moderate',
    priority: 'normal',
    domains: ['backend', 'payments', 'testing'],
    estimateMinutes: { low: 6, high: 15 },
    risks: [
      {
        risk: 'A card pays more than its balance',
        mitigation: 'The balance is the limit, and a test says so',
      },
    ],
    research: [],
  },
  rationale:
    'A card needs a balance and a code, which have nothing to do with each other: two tasks at once. The checkout joins them, and its tests come last, because they use it as a customer would.',
  contingencies: ['If shipping may not be paid with a card, the checkout deducts articles only.'],
  tasks: giftCardStories.map(({ id, title, needs, scope, acceptance }) => ({
    ...{ id, title, scope, acceptance },
    prompt: `STORY ${id}. "${giftCardRequest}": ${title.toLowerCase()}, as the rest of src does it.`,
    ...(needs === undefined ? {} : { needs }),
    agent: id === 'checkout-tests' ? 'test-engineer' : 'implementer',
    estimateMinutes: { low: 2, high: 5 },
  })),
};

/**
 * @param pace resolves when a step may be answered, so that a test can hold a task where it wants to look at it.
 */
export function giftCardModel(
  pace: (taskId: string, step: number) => Promise<void> = () => Promise.resolve(),
): ModelScript {
  return async (request) => {
    if (request.tools.includes('submit_plan'))
      return answerOf(request, { calls: [{ name: 'submit_plan', input: plan }] });
    const story = giftCardStories.find(({ id }) => request.prompt.includes(`STORY ${id}.`));
    if (!story) return { text: 'ok', usage: { input: 12, output: 1 } };
    await pace(story.id, request.step);
    return answerOf(request, story.steps[Math.min(request.step, story.steps.length - 1)] ?? finish('Done.'));
  };
}

function answerOf(request: ScriptedRequest, { text, calls }: Step): ScriptedAnswer {
  const input = Math.ceil(JSON.stringify(request.body).length / 4);
  return { ...(text === undefined ? {} : { text }), toolCalls: calls, usage: { input, output: 180 } };
}
