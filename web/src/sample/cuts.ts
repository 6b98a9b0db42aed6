/** The sample's figures by store, channel, category and staff. */
import type { Cut, GroupFigures } from '../report/types.ts';
import { ratio, sum } from './base.ts';
import type { Customer, Order } from './brand.ts';
import { afterFirst, type Comparing, compare } from './figures.ts';

const LISTED = 12;

type By = 'store' | 'channel' | 'category' | 'staff';

function group(customers: Customer[], by: By, name: string, comparing: Comparing): GroupFigures {
  const within = (order: Order) => order[by] === name;
  const orders = customers.map((customer) => customer.filter(within)).filter((own) => own.length > 0);
  const beginners = customers.filter((customer) => customer.slice(0, 1).some(within));
  const all = orders.flat();
  const revenue = sum(all.map((order) => order.value));
  return {
    name,
    orders: all.length,
    customers: orders.length,
    revenue,
    aov: ratio(revenue, all.length),
    units_per_order: ratio(sum(all.map((order) => order.units)), all.length),
    first_orders: beginners.length,
    ...afterFirst(beginners, comparing.end),
    compared: compare(orders, beginners, comparing),
  };
}

/** Groups together, without what several of them do not tell. */
function together(groups: GroupFigures[], comparing: Comparing): GroupFigures | null {
  if (groups.length === 0) return null;
  const orders = sum(groups.map((each) => each.orders ?? 0));
  const revenue = sum(groups.map((each) => each.revenue));
  return {
    name: '',
    orders,
    customers: null,
    revenue,
    aov: ratio(revenue, orders),
    units_per_order: null,
    first_orders: sum(groups.map((each) => each.first_orders ?? 0)),
    ...afterFirst([], comparing.end),
    compared: [],
  };
}

function cut(customers: Customer[], by: By, comparing: Comparing): Cut[] {
  const names = [...new Set(customers.flat().map((order) => order[by]))];
  if (names.every((name) => name === '')) return [];
  const groups = names
    .map((name) => group(customers, by, name, comparing))
    .sort((a, b) => b.revenue - a.revenue);
  const rest = groups.slice(LISTED);
  return [{ by, groups: groups.slice(0, LISTED), others: rest.length, other: together(rest, comparing) }];
}

export function cuts(customers: Customer[], comparing: Comparing): Cut[] {
  const all: By[] = ['store', 'channel', 'category', 'staff'];
  return all.flatMap((by) => cut(customers, by, comparing));
}
