import { describe, expect, it } from 'vitest';
import { destinations, quoteKql, rank, traceIdIn } from './destinations';
import { matchPage } from './pages';

const all = destinations(
  ['payment', 'cart'],
  [
    {
      uid: 'a',
      title: 'Payment overview',
      tags: [],
      folder: 'Shop',
      provisioned: false,
      updated_ms: 0,
      panels: 3,
    },
  ],
  ['payment_total', 'node_load1'],
);
const names = (text: string) => rank(all, text).map(({ kind, name }) => `${kind}: ${name}`);

describe('the search box', () => {
  it('puts what begins with the text first', () => {
    expect(names('pay')[0]).toBe('Traces of the service: payment');
    expect(names('pay')).toContain('Dashboard in Shop: Payment overview');
    expect(names('node load')).toEqual(['Metric: node_load1']);
  });

  it('finds by kind', () => expect(names('logs cart')).toEqual(['Logs of the service: cart']));

  it('goes to a pasted trace id', () => {
    const id = '4BF92F35-77B3-4DA6-A3CE-929D0E0E4736';
    expect(traceIdIn(` ${id} `)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(rank(all, id)[0]).toMatchObject({
      kind: 'Trace',
      to: '/traces/4bf92f3577b34da6a3ce929d0e0e4736',
    });
    expect(traceIdIn('deadbeef')).toBeNull();
  });

  it('quotes values where KQL needs it', () => {
    expect(quoteKql('cart-1')).toBe('cart-1');
    expect(quoteKql('a "b"')).toBe('"a \\"b\\""');
    expect(quoteKql('not')).toBe('"not"');
  });
});

describe('pages', () => {
  it('are matched by segments', () => {
    expect(matchPage('/traces/ab%2Fc')?.params).toEqual({ traceId: 'ab/c' });
    expect(matchPage('/traces/')?.page.path).toBe('/traces');
    expect(matchPage('/nowhere')).toBeNull();
    expect(matchPage('/traces/%zz')?.params).toEqual({ traceId: '%zz' });
  });
});
